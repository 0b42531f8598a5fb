//! `lienminh token`: tokens for people and systems without an identity provider.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use kit::auth::{AuthFolder, Grant, Scope, issue, issued, known_permissions, revoke};

use super::table;
use crate::args::Token;
use crate::language::phrase;
use crate::screen::say;

pub(super) fn run(command: Token) -> anyhow::Result<()> {
    match command {
        Token::Issue {
            subject,
            scope,
            organisation,
            hours,
            folder,
        } => {
            let organisation = organisation
                .map(|name| {
                    name.strip_prefix("organisations/")
                        .unwrap_or(&name)
                        .parse()
                        .with_context(|| {
                            phrase!(
                                "--organisation phải có dạng organisations/{{uuid}}",
                                "--organisation must be organisations/{{uuid}}"
                            )
                        })
                })
                .transpose()?;
            matches_something(&scope)?;
            let folder = keys(folder.auth_dir)?;
            let (token, _) = issue(
                &folder,
                &Grant {
                    subject,
                    scope,
                    organisation,
                    life: hours,
                },
            )?;
            say!("{token}");
        }
        Token::List { folder } => {
            let mut rows = table::with_headings(&[
                &phrase!("mã", "id"),
                &phrase!("người gọi", "subject"),
                &phrase!("quyền", "scope"),
                &phrase!("hết hạn", "ends"),
                &phrase!("thu hồi", "revoked"),
            ]);
            for token in issued(&keys(folder.auth_dir)?)? {
                let ends = i64::try_from(token.exp)
                    .ok()
                    .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
                rows.add_row([
                    token.jti,
                    token.sub,
                    token.scope,
                    table::at(ends.map(vietnam::local)),
                    if token.revoked {
                        phrase!("đã thu hồi", "yes")
                    } else {
                        String::new()
                    },
                ]);
            }
            say!("{rows}");
        }
        Token::Revoke { id, folder } => {
            let fresh = revoke(&keys(folder.auth_dir)?, &id)?;
            say!(
                "{}",
                if fresh {
                    phrase!("đã thu hồi", "revoked")
                } else {
                    phrase!("đã thu hồi từ trước", "was revoked before")
                }
            );
        }
    }
    Ok(())
}

/// The folder of keys that the services have made at their first start.
fn keys(auth_dir: PathBuf) -> anyhow::Result<AuthFolder> {
    let name = auth_dir.display().to_string();
    AuthFolder::of_services(auth_dir).with_context(|| {
        phrase!(
            "{name} không phải thư mục khóa của hệ thống: hãy ghi --auth-dir mà các dịch vụ dùng (khóa \
             được tạo khi dịch vụ khởi động lần đầu)",
            "{name} is no folder of keys: give the --auth-dir of the services, which make the keys \
             when they start for the first time"
        )
    })
}

/// A slip of the pen in a scope would only show when the first call is refused.
fn matches_something(scope: &str) -> anyhow::Result<()> {
    let known = known_permissions();
    for word in scope.split_ascii_whitespace() {
        let granted = Scope::parse(word);
        let matches = known.iter().any(|permission| granted.allows(permission));
        ensure!(matches, nothing(word, &known));
    }
    Ok(())
}

/// What is told: the permissions of the same service, where there is one.
fn nothing(word: &str, known: &[String]) -> String {
    let service = word.split('.').next().unwrap_or_default();
    let begins = format!("{service}.");
    let near: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|each| each.starts_with(&begins))
        .collect();
    let told = if near.is_empty() {
        let mut services: Vec<&str> = known
            .iter()
            .filter_map(|each| each.split('.').next())
            .collect();
        services.dedup();
        services
            .iter()
            .map(|each| format!("{each}.*"))
            .collect::<Vec<_>>()
            .join(", ")
    } else {
        near.join(", ")
    };
    phrase!(
        "“{word}” không khớp quyền nào; có: {told}, hoặc * cho mọi quyền",
        "\"{word}\" matches no permission; there are: {told}, or * for all of them"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_scope_that_matches_nothing_is_refused_with_what_there_is() {
        let refused = |scope: &str| matches_something(scope).unwrap_err().to_string();
        assert!(refused("registry.* events.event.*").contains("events.events.create"));
        assert!(refused("evnts.*").contains("events.*"));
        assert!(refused("obligations").contains("obligations.list"));
    }

    #[test]
    fn a_folder_that_no_service_uses_is_refused_and_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let auth_dir = || crate::args::AuthDir {
            auth_dir: folder.path().to_owned(),
        };
        let issue = Token::Issue {
            subject: "user:lan".to_owned(),
            scope: "*".to_owned(),
            organisation: None,
            hours: std::time::Duration::from_secs(3600),
            folder: auth_dir(),
        };
        let list = Token::List { folder: auth_dir() };
        let revoke = Token::Revoke {
            id: "x".to_owned(),
            folder: auth_dir(),
        };
        for command in [issue, list, revoke] {
            let told = run(command).unwrap_err().to_string();
            assert!(told.contains("không phải thư mục khóa"), "{told}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        // Once a service has started there, tokens are issued.
        let service = AuthFolder::open(folder.path()).unwrap();
        service.service_key("registry").unwrap();
        assert!(keys(folder.path().to_owned()).is_ok());
    }

    #[test]
    fn scopes_of_the_handbook_are_issued() {
        for scope in [
            "*",
            "registry.organisations.* events.events.*",
            "clock.get",
            "obligations.list",
        ] {
            assert!(matches_something(scope).is_ok(), "{scope}");
        }
    }
}
