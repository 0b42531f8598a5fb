//! All stories on one suite, and their judgement.

use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use anyhow::Context;
use futures_util::future::join_all;
use jiff::civil::DateTime;
use lienminh_local::stage::{Stage, StageOptions};
use serde::Serialize;

use super::cast::Cast;
use super::days::{Days, Mark, when};
use super::judge::missing;
use super::seen::{Answers, Seen, Told};
use super::{ROWS, STORIES};
use crate::faults::ground::officer;
use crate::reader::Message;

/// Before the first story: Monday, 28 June 2021.
const START: &str = "2021-06-28T08:00";

/// How every row stands.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// By number.
    pub rows: Vec<Standing>,
    /// How long it took.
    pub seconds: f64,
    /// A line for whatever was accepted: for whoever writes a judge.
    #[serde(skip)]
    pub told: String,
}

/// How a row stands.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// Its number.
    pub row: usize,
    /// What is missing; nothing where it is shown.
    pub missing: Vec<String>,
}

impl Report {
    /// Rows that are shown.
    #[must_use]
    pub fn shown(&self) -> Vec<usize> {
        let shown = self.rows.iter().filter(|row| row.missing.is_empty());
        shown.map(|row| row.row).collect()
    }

    /// A line for each row, and the sum.
    #[must_use]
    pub fn lines(&self) -> String {
        let line = |row: &Standing| match row.missing.as_slice() {
            [] => format!("row {} ok\n", row.row),
            missing => format!("row {} missing: {}\n", row.row, missing.join("; ")),
        };
        let lines: String = self.rows.iter().map(line).collect();
        format!("{lines}seeds: {}/{ROWS}\n", self.shown().len())
    }

    /// Rows that are expected and not shown.
    ///
    /// # Errors
    /// A line that is no number.
    pub fn lost(&self, expected: &str) -> anyhow::Result<Vec<usize>> {
        let lines = expected.lines().filter(|line| !line.starts_with('#'));
        let expected = lines.map(|line| {
            line.trim()
                .parse()
                .with_context(|| format!("no row: {line}"))
        });
        let mut expected = expected.collect::<anyhow::Result<Vec<usize>>>()?;
        let shown = self.shown();
        expected.retain(|row| !shown.contains(row));
        Ok(expected)
    }

    /// Leaves the report as JSON, and whatever was accepted beside it.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(folder)?;
        let report = serde_json::to_string_pretty(self)? + "\n";
        std::fs::write(folder.join("report.json"), report)?;
        std::fs::write(folder.join("told.txt"), &self.told)?;
        Ok(())
    }
}

/// Plays all stories and judges them.
///
/// # Errors
/// The suite does not come up, or a step of the clock is stuck.
pub async fn play() -> anyhow::Result<Report> {
    let started = Instant::now();
    let start: DateTime = START.parse()?;
    let stage = Stage::start(&StageOptions::stepped(vietnam::instant(start))).await?;
    let officer = officer(&stage, "person:van-phong")?;
    let cast = Rc::new(Cast::gather(officer, Days::of(STORIES.len(), start)).await?);
    let stories = join_all(STORIES.iter().map(|row| {
        let cast = cast.clone();
        async move {
            let told = (row.story)(&cast).await;
            cast.days().end();
            told
        }
    }));
    let mut conductor = stage.conductor()?;
    let accepted = || stage.sms().counters().accepted;
    let (told, marks) = tokio::join!(stories, cast.days().lead(&mut conductor, accepted));
    let marks = marks?;
    let told = told
        .into_iter()
        .map(|told| told.map_err(|error| format!("{error:#}")));
    let everything = everything(&stage, &marks);
    let mut report = judge(told.collect(), &everything);
    let lines = everything
        .iter()
        .map(|told| format!("{} {} {}\n", told.at, told.to, told.text));
    report.told = lines.collect();
    report.seconds = (started.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    Ok(report)
}

fn judge(stories: Vec<Result<Answers, String>>, told: &[Told]) -> Report {
    let mut report = Report::default();
    for number in 1..=ROWS {
        let story = STORIES
            .iter()
            .zip(&stories)
            .find(|(row, _)| usize::from(row.number) == number);
        let missing = match story {
            None => vec!["no story is played yet".to_owned()],
            Some((_, Err(error))) => vec![format!("the story ends with {error}")],
            Some((row, Ok(answers))) => {
                let seen = Seen {
                    told: told.to_vec(),
                    answers: answers.clone(),
                };
                missing(&(row.parts)(), &seen)
            }
        };
        report.rows.push(Standing {
            row: number,
            missing,
        });
    }
    report
}

/// Whatever the ends have accepted.
fn everything(stage: &Stage, marks: &[Mark]) -> Vec<Told> {
    let mut told = Vec::new();
    for mail in stage.smtp().accepted() {
        if let Some(message) = Message::of_mail(&mail) {
            told.push(Told {
                at: message.at,
                to: mail.to.join(","),
                text: flat(&format!("{}\n{}", message.subject, message.text)),
            });
        }
    }
    for sms in stage.sms().accepted() {
        told.push(Told {
            at: when(marks, sms.number),
            to: sms.to,
            text: sms.text,
        });
    }
    told
}

/// Where lines are broken means nothing.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_row_that_is_expected_and_not_shown_is_lost() {
        let standing = |row, missing: &[&str]| Standing {
            row,
            missing: missing.iter().map(|what| (*what).to_owned()).collect(),
        };
        let report = Report {
            rows: vec![standing(1, &["a", "b"]), standing(2, &[])],
            ..Report::default()
        };
        assert_eq!(
            report.lines(),
            "row 1 missing: a; b\nrow 2 ok\nseeds: 1/34\n"
        );
        assert_eq!(report.lost("# expected\n2\n").unwrap(), [0; 0]);
        assert_eq!(report.lost("1\n2\n").unwrap(), [1]);
        assert!(report.lost("one\n").is_err());
    }
}
