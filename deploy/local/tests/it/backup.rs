//! The scripts that make a cut and bring it back, for real.

use std::path::{Path, PathBuf};
use std::process::Command;

use lienminh_local::backup::{Cut, said};
use lienminh_local::certificates::Certificate;
use lienminh_local::postgres::connect;
use lienminh_local::{ServiceName, Stage, StageOptions};

/// Stands in the databases, the keys and the secrets, and must not be read in a cut.
const SECRET: &str = "khong-ai-duoc-doc";

/// A stage with a row in each database and with keys of an installation.
async fn installation() -> Stage {
    let stage = empty().await;
    fill(&stage).await;
    stage
}

async fn fill(stage: &Stage) {
    for service in ServiceName::ALL {
        let owner = connect(&stage.database(service).owner_url).await.unwrap();
        let rows = format!("create table kept (text text); insert into kept values ('{SECRET}')");
        owner.batch_execute(&rows).await.unwrap();
    }
    let auth = stage.suite().auth_folder();
    std::fs::create_dir_all(auth.join("made")).unwrap();
    for file in ["registry.key.pem", "made/registry", "revoked.json"] {
        std::fs::write(auth.join(file), SECRET).unwrap();
    }
}

async fn empty() -> Stage {
    Stage::prepare(&StageOptions::default()).await.unwrap()
}

fn backup(stage: &Stage) -> Command {
    let mut command = stage.backup_script("backup.sh").unwrap();
    std::fs::write(stage.folder().join("secrets/sms_api_key"), SECRET).unwrap();
    command.env("LIENMINH_MAIL_DOMAIN", "it's $HOME.example");
    command.env("LIENMINH_SMS_URL", "");
    command
}

fn cut(stage: &Stage) -> Cut {
    Cut {
        file: said(&mut backup(stage)).unwrap().trim().into(),
        identity: stage.folder().join("identity.txt"),
    }
}

/// How many tables each database of the stage has.
async fn tables(stage: &Stage) -> Vec<i64> {
    let mut counts = Vec::new();
    for service in ServiceName::ALL {
        let session = stage.look_into(service).await.unwrap();
        let count = "select count(*) from pg_tables where schemaname = 'public'";
        counts.push(session.query_one(count, &[]).await.unwrap().get(0));
    }
    counts
}

fn cuts(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".tar")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_brings_databases_keys_secrets_and_settings_to_an_empty_host() {
    let old = installation().await;
    let cut = cut(&old);
    let new = empty().await;
    cut.restore_to(&new).unwrap();

    for service in ServiceName::ALL {
        // The runtime role may again what it might.
        let runtime = connect(&new.database(service).runtime_url).await.unwrap();
        let row = runtime
            .query_one("select text from kept", &[])
            .await
            .unwrap();
        assert_eq!(row.get::<_, String>(0), SECRET, "{service}");
    }
    for file in ["registry.key.pem", "made/registry", "revoked.json"] {
        let restored = std::fs::read_to_string(new.suite().auth_folder().join(file));
        assert_eq!(restored.unwrap(), SECRET, "{file}");
    }
    let settings = cut.settings().unwrap();
    assert_eq!(settings["LIENMINH_MAIL_DOMAIN"], "it's $HOME.example");
    assert_eq!(settings.len(), 1, "what is empty was not set: {settings:?}");
    let secrets = old.backup_script("restore.sh").unwrap();
    let secrets = cut.part(secrets, "secrets").unwrap();
    for name in ["sms_api_key", "notifier_owner_url"] {
        assert!(secrets.contains(name), "{name}");
    }

    let told = cut.restore_to(&new).unwrap_err().to_string();
    assert!(told.contains("auth is not empty"), "{told}");
    let again = cut.part(new.backup_script("restore.sh").unwrap(), "databases");
    let told = again.unwrap_err().to_string();
    assert!(
        told.contains("the database of notifier is not empty"),
        "{told}"
    );

    let other = empty().await;
    let mut away = other.backup_script("restore.sh").unwrap();
    away.env("BACKUP_DATABASE_CA", "/nowhere.pem");
    let told = cut.part(away, "databases").unwrap_err().to_string();
    let sentence = "the database of notifier does not let us in, nothing was restored";
    assert!(told.starts_with(&format!("restore: {sentence}")), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_or_its_end_a_cut_is_no_use_and_what_is_wrong_is_named() {
    let old = installation().await;
    let cut = cut(&old);
    let bytes = std::fs::read(&cut.file).unwrap();
    for clear in [SECRET, "stage-only", "create table", "it's"] {
        let found = bytes
            .windows(clear.len())
            .any(|some| some == clear.as_bytes());
        assert!(!found, "{clear} can be read");
    }
    let new = empty().await;
    let refused = |file: &Path, identity: &Path| {
        let cut = Cut {
            file: file.to_owned(),
            identity: identity.to_owned(),
        };
        cut.restore_to(&new).unwrap_err().to_string()
    };

    let wrong = new.folder().join("another.txt");
    said(Command::new("age-keygen").arg("-o").arg(&wrong)).unwrap();
    let name = |identity: &Path| said(Command::new("age-keygen").arg("-y").arg(identity)).unwrap();
    let told = refused(&cut.file, &wrong);
    for key in [name(&wrong), name(&cut.identity)] {
        assert!(told.contains(key.trim()), "{told}");
    }
    let told = refused(&cut.file, Path::new("/nowhere.txt"));
    assert!(told.contains("there is no key /nowhere.txt"), "{told}");

    let garbage = new.folder().join("garbage.txt");
    for text in [
        "khong phai chia khoa\n",
        "AGE-SECRET-KEY-1QQ\n",
        "\u{1}\u{2}",
    ] {
        std::fs::write(&garbage, text).unwrap();
        let told = refused(&cut.file, &garbage);
        assert!(told.contains("opens nothing of this cut"), "{told}");
        assert!(told.contains("age-keygen"), "what to do: {told}");
        assert!(!told.contains("age: "), "the program's own words: {told}");
    }

    let short = new.folder().join("short.tar");
    for part in ["./registry.age", "./auth.age", "./SHA256SUMS"] {
        std::fs::copy(&cut.file, &short).unwrap();
        let tar = ["--delete", "--file"];
        said(Command::new("tar").args(tar).arg(&short).arg(part)).unwrap();
        let told = refused(&short, &cut.identity);
        let named = part.trim_start_matches("./");
        assert!(told.contains(&format!("lacks {named}")), "{told}");
        assert!(told.contains("take another cut"), "what to do: {told}");
        assert!(
            !told.contains("sha256sum"),
            "the program's own words: {told}"
        );
    }
    // A tar ends in zeros, which nobody misses.
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap();
    for length in [end, end / 2, 512, 0] {
        std::fs::write(&short, &bytes[..length]).unwrap();
        let told = refused(&short, &cut.identity);
        assert!(told.contains("incomplete or damaged"), "{length}: {told}");
    }
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 1;
    std::fs::write(&short, &damaged).unwrap();
    let told = refused(&short, &cut.identity);
    assert!(told.contains("incomplete or damaged"), "{told}");
    assert_eq!(tables(&new).await, [0; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_migration_a_cut_is_kept_where_there_is_something_to_keep() {
    let stage = empty().await;
    let migration = |stage: &Stage| {
        let mut command = backup(stage);
        command
            .arg("before-migration")
            .env("LIENMINH_BACKUP_KEEP", "1");
        command
    };
    let told = said(&mut migration(&stage)).unwrap();
    assert!(told.contains("nothing to keep"), "{told}");
    assert_eq!(cuts(stage.folder()), Vec::<String>::new());

    fill(&stage).await;
    let daily = cut(&stage).file;
    let before: PathBuf = said(&mut migration(&stage)).unwrap().trim().into();
    assert!(before.to_str().unwrap().ends_with("-before-migration.tar"));
    // Each kind is counted by itself.
    let next: PathBuf = said(&mut migration(&stage)).unwrap().trim().into();
    assert!(daily.exists() && next.exists());
    assert!(
        cuts(stage.folder()).len() == 2,
        "{:?}",
        cuts(stage.folder())
    );

    // Nothing is told to a server whose certificate another authority signed, and no cut is left.
    let others = Certificate::make(&stage.folder().join("others")).unwrap();
    let mut wrong = migration(&stage);
    let told = said(wrong.env("BACKUP_DATABASE_CA", others.authority)).unwrap_err();
    assert!(
        told.to_string().contains("certificate verify failed"),
        "{told}"
    );
    assert!(cuts(stage.folder()).len() == 2);
    assert!(!stage.folder().join(".unfinished").exists());
}
