//! Rosters as CSV files: `deploy/demo/roster-office.csv` shows the form.

use std::path::Path;

use lienminh_proto::registry::v1::RosterRow;

use super::{BadFile, LONGEST_VALUE, MOST_PROBLEMS, Problem, open, value_too_long};
use crate::language::phrase;

const COLUMNS: [&str; 18] = [
    "roster_code",
    "kind",
    "display_name",
    "tax_code",
    "address",
    "locality",
    "province_code",
    "cluster",
    "parent_code",
    "membership",
    "decision_number",
    "admit_date",
    "position",
    "person_name",
    "email",
    "phone",
    "advert_consent",
    "salutation",
];

/// A nation has a hundred thousand organisations, in some hundred bytes each.
const LARGEST: usize = 32 * 1024 * 1024;

/// The same, with room to grow.
const MOST_ROWS: usize = 200_000;

/// More columns than there are names for are one slip, not a hundred.
const MOST_COLUMNS: usize = 100;

/// A roster: the rows that could be read, and those that could not.
#[derive(Debug, Default)]
pub struct Roster {
    /// Rows in the order of the file.
    pub rows: Vec<RosterRow>,
    /// Lines that are not rows at all: too few columns, not UTF-8.
    pub problems: Vec<Problem>,
}

/// Reads a roster file. What the rows say is judged by the registry.
///
/// # Errors
/// The file cannot be read, or its first line does not name the known columns.
pub fn read(path: &Path) -> anyhow::Result<Roster> {
    let bytes = open::text(path, LARGEST)?;
    parse(&bytes).map_err(|problems| BadFile::new(path, problems).into())
}

/// Parses the bytes of a roster file.
///
/// # Errors
/// What is wrong with its first line, or with more lines than a person mends.
pub fn parse(bytes: &[u8]) -> Result<Roster, Vec<Problem>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let places = columns(&mut reader)?;
    let mut roster = Roster::default();
    for record in reader.records() {
        let line = match record {
            Ok(record) => {
                let line = line_of(record.position());
                match row(&record, &places) {
                    Ok(row) => roster.rows.push(row),
                    Err(problem) => roster.problems.push(problem),
                }
                line
            }
            Err(error) => {
                let line = line_of(error.position());
                roster.problems.push(Problem::not_utf8(line));
                line
            }
        };
        roster.is_bounded(line)?;
    }
    Ok(roster)
}

impl Roster {
    fn is_bounded(&mut self, line: usize) -> Result<(), Vec<Problem>> {
        if self.rows.len() > MOST_ROWS {
            let reason = phrase!(
                "vượt quá {MOST_ROWS} dòng mà một danh sách được có",
                "is beyond the {MOST_ROWS} rows that a roster may have"
            );
            return Err(vec![Problem::new(line, "", reason)]);
        }
        if self.problems.len() > MOST_PROBLEMS {
            let mut problems = std::mem::take(&mut self.problems);
            problems.push(Problem::too_many(line));
            return Err(problems);
        }
        Ok(())
    }
}

fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<Option<usize>>, Vec<Problem>> {
    let headers = reader.headers().map_err(|_| vec![Problem::not_utf8(1)])?;
    if headers.len() > MOST_COLUMNS {
        return Err(vec![Problem::new(
            1,
            "",
            phrase!(
                "có nhiều cột hơn mọi danh sách",
                "has more columns than any roster"
            ),
        )]);
    }
    let mut problems: Vec<Problem> = headers
        .iter()
        .filter(|header| !COLUMNS.contains(header))
        .map(|header| {
            Problem::new(
                1,
                header,
                phrase!(
                    "không phải cột của danh sách",
                    "is not a column of a roster"
                ),
            )
        })
        .collect();
    let places: Vec<Option<usize>> = COLUMNS
        .iter()
        .map(|column| headers.iter().position(|header| header == *column))
        .collect();
    for (column, place) in COLUMNS.iter().zip(&places).take(3) {
        if place.is_none() {
            problems.push(Problem::new(1, column, phrase!("còn thiếu", "is missing")));
        }
    }
    if problems.is_empty() {
        Ok(places)
    } else {
        Err(problems)
    }
}

fn row(record: &csv::StringRecord, places: &[Option<usize>]) -> Result<RosterRow, Problem> {
    let line = line_of(record.position());
    let known = places.iter().flatten().count();
    let found = record.len();
    if found != known {
        let reason = phrase!(
            "có {found} cột, cần {known} cột",
            "has {found} columns, expected {known}"
        );
        return Err(Problem::new(line, "", reason));
    }
    if let Some(at) = record.iter().position(|value| value.len() > LONGEST_VALUE) {
        let named = places.iter().position(|place| *place == Some(at));
        let field = named.map_or("", |column| COLUMNS[column]);
        return Err(Problem::new(line, field, value_too_long()));
    }
    let mut values = places.iter().map(|place| {
        place
            .and_then(|at| record.get(at))
            .unwrap_or_default()
            .to_owned()
    });
    let mut next = || values.next().unwrap_or_default();
    Ok(RosterRow {
        line: i32::try_from(line).unwrap_or(i32::MAX),
        roster_code: next(),
        kind: next(),
        display_name: next(),
        tax_code: next(),
        address: next(),
        locality: next(),
        province_code: next(),
        cluster: next(),
        parent_code: next(),
        membership: next(),
        decision_number: next(),
        admit_date: next(),
        position: next(),
        person_name: next(),
        email: next(),
        phone: next(),
        advert_consent: next(),
        salutation: next(),
    })
}

fn line_of(position: Option<&csv::Position>) -> usize {
    position
        .and_then(|position| usize::try_from(position.line()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_rosters_of_the_demonstration_are_well_formed() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/demo"));
        let rows = |file: &str| {
            let roster = read(&folder.join(file)).unwrap();
            assert!(roster.problems.is_empty());
            roster.rows
        };
        assert!(rows("roster-office.csv").len() > 230);
        assert_eq!(rows("units.csv")[1].roster_code, "LM-DNO");
        assert_eq!(rows("roster-fund.csv").len(), 60);
        assert_eq!(rows("roster-clusters.csv").len(), 35);
    }

    #[test]
    fn a_line_with_too_few_columns_is_told_and_the_others_are_read() {
        let text = "roster_code,kind,display_name\nA,HTX,Một\nB,HTX\nC,THT,Ba\n";
        let roster = parse(text.as_bytes()).unwrap();
        assert_eq!(roster.rows.len(), 2);
        assert_eq!(
            roster.problems[0].to_string(),
            "dòng 3: có 2 cột, cần 3 cột"
        );
    }

    #[test]
    fn the_example_of_the_handbook_has_every_column() {
        let page = include_str!("../../../../docs/command.md");
        let (_, example) = page.split_once("```csv\n").unwrap();
        let (example, _) = example.split_once("```").unwrap();
        let head = example.lines().next().unwrap();
        assert!(COLUMNS.iter().all(|column| head.contains(column)), "{head}");
        let roster = parse(example.as_bytes()).unwrap();
        assert_eq!(roster.problems.len(), 0);
        assert_eq!(roster.rows[0].salutation, "Bà");
    }

    #[test]
    fn a_person_comes_with_a_form_of_address_wherever_its_column_stands() {
        let text = "roster_code,salutation,kind,display_name,person_name\n\
                    A,Bà,HTX,Một,Nguyễn Thị Lan\n";
        let row = &parse(text.as_bytes()).unwrap().rows[0];
        assert_eq!(
            (row.salutation.as_str(), row.person_name.as_str()),
            ("Bà", "Nguyễn Thị Lan")
        );
    }

    #[test]
    fn unknown_and_missing_columns_are_named() {
        let told = parse("roster_code,kind,nmae\n".as_bytes()).unwrap_err();
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "dòng 1, nmae: không phải cột của danh sách",
                "dòng 1, display_name: còn thiếu"
            ]
        );
    }

    #[test]
    fn of_a_first_line_that_is_another_file_only_the_beginning_is_told() {
        let long = "\u{1b}[2Jcột lạ ".repeat(1_000_000);
        let told = parse(format!("roster_code,kind,display_name,{long}\n").as_bytes());
        let told = told.unwrap_err()[0].to_string();
        assert!(told.chars().count() < 120 && told.contains('…'), "{told}");
        assert!(!told.contains('\u{1b}'), "{told:?}");
    }

    #[test]
    fn a_value_that_does_not_end_is_told_with_its_column() {
        // A quotation mark that nobody closed swallows the rest of the file.
        let text = format!(
            "roster_code,kind,display_name\nA,HTX,\"{}",
            "x\n".repeat(6_000)
        );
        let roster = parse(text.as_bytes()).unwrap();
        assert_eq!(
            roster.problems[0].to_string(),
            "dòng 2, display_name: dài quá 10000 byte"
        );
    }

    #[test]
    fn thousands_of_bad_lines_are_another_file() {
        let text = format!("roster_code,kind,display_name\n{}", "A,HTX\n".repeat(5_000));
        let told = parse(text.as_bytes()).unwrap_err();
        assert_eq!(told.len(), MOST_PROBLEMS + 2);
        assert!(
            told.last()
                .unwrap()
                .to_string()
                .contains("phần còn lại chưa đọc")
        );
        let wide = format!("roster_code{}\n", ",x".repeat(50_000));
        assert_eq!(parse(wide.as_bytes()).unwrap_err().len(), 1);
    }

    #[test]
    fn a_line_that_is_not_utf8_is_told() {
        let text = b"roster_code,kind,display_name\nA,HTX,\xff\nB,HTX,Hai\n";
        let roster = parse(text).unwrap();
        assert_eq!(roster.rows.len(), 1);
        assert_eq!(roster.problems[0].line, 2);
    }
}
