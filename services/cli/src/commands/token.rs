//! `lienminh token`: tokens for people and systems without an identity provider.

use anyhow::Context;
use kit::auth::{AuthFolder, Grant, issue, issued, revoke};

use super::table;
use crate::args::Token;
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
                        .context("--organisation must be organisations/{uuid}")
                })
                .transpose()?;
            let folder = AuthFolder::open(folder.auth_dir)?;
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
            let mut rows = table::with_headings(&["id", "subject", "scope", "ends", "revoked"]);
            for token in issued(&AuthFolder::open(folder.auth_dir)?)? {
                let ends = i64::try_from(token.exp)
                    .ok()
                    .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
                    .map_or_else(String::new, |instant| vietnam::local(instant).to_string());
                rows.add_row([
                    token.jti,
                    token.sub,
                    token.scope,
                    ends,
                    if token.revoked { "yes" } else { "" }.into(),
                ]);
            }
            say!("{rows}");
        }
        Token::Revoke { id, folder } => {
            let fresh = revoke(&AuthFolder::open(folder.auth_dir)?, &id)?;
            say!(
                "{}",
                if fresh {
                    "revoked"
                } else {
                    "was revoked before"
                }
            );
        }
    }
    Ok(())
}
