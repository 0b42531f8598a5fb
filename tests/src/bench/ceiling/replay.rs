//! A transaction of ours as a script for pgbench.
//!
//! The statements are those that the server has logged, with the values that came with
//! them; only what must differ from one transaction to the next is worked out anew.

use anyhow::{Context, ensure};

/// A number in what was asked for stands for "different each time"; so does every UUID.
/// In the script it is the variable `n`, which has as many digits.
pub const MARK: &str = "7310006660001337";

/// Gives each transaction of each client a number of sixteen digits that no other has.
/// `k` is given on the command line and rises from run to run.
const HEAD: &str = "\\set k :k + 1\n\\set n 1000000000000000 + :k * 100 + :client_id\n";

/// A logged statement with its values.
#[derive(Debug, PartialEq)]
struct Statement {
    text: String,
    values: Vec<Option<String>>,
}

/// The script of the last transaction in a server's log that holds this text.
///
/// # Errors
/// When there is none.
pub fn script(log: &str, holds: &str) -> anyhow::Result<String> {
    let process = log
        .lines()
        .rev()
        .find(|line| line.contains(holds))
        .and_then(process_of)
        .context("the transaction is not in the server's log")?;
    let statements = statements(log, process);
    let of_it = statements
        .iter()
        .rposition(|each| each.text.contains(holds));
    let of_it = of_it.context("the statement is not in the server's log")?;
    let (before, after) = statements.split_at(of_it);
    let begin = before.iter().rposition(|each| each.text == "begin");
    let end = after.iter().position(|each| each.text == "commit");
    let begin = begin.context("the transaction has no beginning")?;
    let end = of_it + end.context("the transaction has no end")?;
    let lines: Vec<String> = statements[begin..=end].iter().map(rendered).collect();
    ensure!(lines.len() > 2, "the transaction is empty");
    Ok(format!("{HEAD}{};\n", lines.join(";\n")))
}

/// `2026-11-22 03:54:00.000 UTC [4711] LOG:  …`.
fn process_of(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(" [")?;
    rest.split_once("] ").map(|(process, _)| process)
}

fn statements(log: &str, process: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut ours = false;
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some(last) = found.last_mut().filter(|_| ours) {
                last.text.push('\n');
                last.text.push_str(more);
            }
            continue;
        }
        ours = process_of(line) == Some(process);
        if !ours {
            continue;
        }
        if let Some((_, values)) = line.split_once("DETAIL:  parameters: ") {
            if let Some(last) = found.last_mut() {
                last.values = read_values(values);
            }
            ours = false;
        } else if let Some(text) = text_of(line) {
            found.push(Statement {
                text: text.to_owned(),
                values: Vec::new(),
            });
        }
    }
    found
}

fn text_of(line: &str) -> Option<&str> {
    if let Some((_, text)) = line.split_once("LOG:  statement: ") {
        return Some(text);
    }
    let (_, named) = line.split_once("LOG:  execute ")?;
    named.split_once(": ").map(|(_, text)| text)
}

/// `$1 = 'it''s', $2 = NULL`.
fn read_values(mut rest: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(quoted) = value.strip_prefix('\'') else {
            values.push(None);
            rest = value.strip_prefix("NULL").unwrap_or(value);
            continue;
        };
        let (text, after) = unquoted(quoted);
        values.push(Some(text));
        rest = after;
    }
    values
}

fn unquoted(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('\'').unwrap_or((rest, ""));
        text.push_str(part);
        match after.strip_prefix('\'') {
            Some(more) => {
                text.push('\'');
                rest = more;
            }
            None => return (text, after),
        }
    }
}

/// The statement with its values in the places of its parameters.
fn rendered(statement: &Statement) -> String {
    let mut text = statement.text.clone();
    // From the last, so that $1 is not found in $12.
    for (index, value) in statement.values.iter().enumerate().rev() {
        let place = format!("${}", index + 1);
        let value = match value {
            None => "null".to_owned(),
            Some(_) if text.contains("pg_advisory_xact_lock") => ":n::bigint".to_owned(),
            Some(value) => expression(value),
        };
        text = text.replace(&place, &value);
    }
    text
}

/// A value as SQL: constant, but for the parts that differ each time.
fn expression(value: &str) -> String {
    let parts = parts(value);
    if let [Part::Uuid] = parts.as_slice() {
        return "('0190000000007000' || :n::text)::uuid".to_owned();
    }
    let parts: Vec<String> = parts.iter().map(Part::rendered).collect();
    match parts.as_slice() {
        [only] => only.clone(),
        many => format!("({})", many.join(" || ")),
    }
}

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Constant(&'a str),
    Mark,
    Uuid,
}

impl Part<'_> {
    fn rendered(&self) -> String {
        match self {
            Self::Constant(text) => constant(text),
            Self::Mark => ":n::text".to_owned(),
            Self::Uuid => "'0190000000007000' || :n::text".to_owned(),
        }
    }
}

/// pgbench takes a word after a colon for one of its variables, in quotes as well.
fn constant(text: &str) -> String {
    let text = text.replace('\'', "''");
    if text.contains(':') {
        format!("E'{}'", text.replace('\\', r"\\").replace(':', r"\x3a"))
    } else {
        format!("'{text}'")
    }
}

fn parts(value: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut begun, mut at) = (0, 0);
    while at < value.len() {
        let rest = value.get(at..).unwrap_or_default();
        let (part, length) = match rest
            .get(..36)
            .filter(|text| uuid::Uuid::try_parse(text).is_ok())
        {
            Some(_) => (Part::Uuid, 36),
            None if rest.starts_with(MARK) => (Part::Mark, MARK.len()),
            None => {
                at += 1;
                continue;
            }
        };
        parts.extend(
            value
                .get(begun..at)
                .filter(|text| !text.is_empty())
                .map(Part::Constant),
        );
        parts.push(part);
        at += length;
        begun = at;
    }
    let tail = value.get(begun..).unwrap_or_default();
    if parts.is_empty() || !tail.is_empty() {
        parts.push(Part::Constant(tail));
    }
    parts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const LOG: &str = "\
2026-11-22 03:54:00.000 UTC [7] LOG:  statement: begin
2026-11-22 03:54:00.000 UTC [9] LOG:  execute s1: delete from outbox
2026-11-22 03:54:00.001 UTC [7] LOG:  execute s1: select pg_advisory_xact_lock($1)
2026-11-22 03:54:00.001 UTC [7] DETAIL:  parameters: $1 = '-77'
2026-11-22 03:54:00.002 UTC [7] LOG:  execute s4: insert into t (a, b, c, d)
\tselect $1, $2::text[], $3, $4
2026-11-22 03:54:00.002 UTC [7] DETAIL:  parameters: $1 = '01900000-0000-7000-8000-000000000000', $2 = '{it''s 7310006660001337}', $3 = NULL, $4 = 'user:lan'
2026-11-22 03:54:00.003 UTC [7] LOG:  statement: commit
2026-11-22 03:54:00.003 UTC [7] LOG:  execute s2: select 1
";

    #[test]
    fn a_logged_transaction_becomes_a_script_that_never_repeats_itself() {
        assert_eq!(
            script(LOG, "insert into t").unwrap(),
            format!(
                "{HEAD}begin;\nselect pg_advisory_xact_lock(:n::bigint);\n\
                 insert into t (a, b, c, d)\nselect ('0190000000007000' || :n::text)::uuid, \
                 ('{{it''s ' || :n::text || '}}')::text[], null, E'user\\x3alan';\ncommit;\n"
            )
        );
    }

    #[test]
    fn a_transaction_that_was_not_logged_is_no_script() {
        assert!(script(LOG, "insert into u").is_err());
        assert!(script("", "insert into t").is_err());
    }
}
