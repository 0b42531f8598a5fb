//! The command complains in the language of its caller, also of what other programs say in English.
#![allow(clippy::unwrap_used)]

use std::process::{Command, Stdio};

/// What was said by a command that was not carried out; it needs no service for that.
fn refused(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_lienminh"))
        .args(words)
        .stdin(Stdio::null())
        .env("LIENMINH_TOKEN", "none")
        .env_remove("LIENMINH_LANGUAGE")
        .output()
        .unwrap();
    assert!(!output.status.success(), "{words:?}");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("os error"), "{said}");
    said
}

fn all_in(told: &str, words: &[&str]) {
    for word in words {
        assert!(told.contains(word), "{word} in {told}");
    }
}

#[test]
fn what_is_wrong_with_a_file_or_a_word_is_said_in_the_callers_language() {
    let missing = "khong-co.toml không đọc được: không có tệp hay thư mục này";
    all_in(&refused(&["plan", "load", "khong-co.toml"]), &[missing]);
    all_in(
        &refused(&["organisation", "import", "/etc"]),
        &["là đường ống, thiết bị hoặc thư mục, không phải tệp"],
    );
    let told = refused(&["hold", "accepted", "khong-co.log"]);
    all_in(&told, &["khong-co.log không đọc được: không có tệp"]);
    let told = refused(&["hold", "accepted", "khong-co.log", "--language", "en"]);
    all_in(
        &told,
        &["khong-co.log cannot be read: there is no such file"],
    );
    for (words, told) in [
        (&["event"][..], &["Cách dùng"][..]),
        (&["event", "--language", "vi"], &["Cách dùng"]),
        (
            &["event", "add", "x", "--organiser", "LM", "--kind", "party"],
            &["meeting (cuộc họp)"],
        ),
        (
            &["event", "cancel", "x", "--events-url", "http://127.0.0.1:9"],
            &["Cách dùng: lienminh event cancel [TÙY_CHỌN] --reason <LÝ_DO> <HOẠT_ĐỘNG>"],
        ),
        (
            &["event", "answer", "x", "M1", "chắc thế"],
            &["hãy ghi có hoặc không"],
        ),
        (
            &["event", "answer", "x", "M1", "có", "--attendees", "vài"],
            &["hãy ghi một số"],
        ),
        (&["deliveries", "--limit", "nhiều"], &["hãy ghi một số"]),
        (&["timeline", "hôm nay"], &["không hiểu “hôm nay”"]),
        (
            &["event", "move", "x", "31/4/2024"],
            &["lịch không có ngày này"],
        ),
        (
            &["event", "move", "x", "thứ Hai, 11/4/2024"],
            &["thứ không khớp"],
        ),
        (
            &["deadline", "move", "x", "11/4/024"],
            &["năm đủ bốn chữ số"],
        ),
    ] {
        let all = refused(words);
        all_in(&all, told);
        for english in ["error:", "Usage:", "For more information", "requires"] {
            assert!(!all.contains(english), "{english} in {all}");
        }
    }
    let wrong = "[plan]\nkey = P12\ntitle = \"Kế hoạch\nnumber = \"1\"\nnumber = \"2\"\n[[item]\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.toml");
    std::fs::write(&file, wrong).unwrap();
    let file = file.to_str().unwrap();
    let said = refused(&["plan", "load", file, "--check"]);
    all_in(
        &said,
        &[
            "dòng 2: chữ phải đặt trong ngoặc kép",
            "dòng 3: ngoặc kép mở",
            "dòng 5: ",
        ],
    );
    assert!(!said.contains("expected"), "{said}");
}
