//! Rosters as CSV files: `deploy/demo/roster-office.csv` shows the form.

use std::path::Path;

use lienminh_proto::registry::v1::RosterRow;

use super::{BadFile, Problem};

const COLUMNS: [&str; 17] = [
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
];

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
    let bytes = std::fs::read(path)
        .map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", path.display()))?;
    parse(&bytes).map_err(|problems| {
        BadFile {
            file: path.display().to_string(),
            problems,
        }
        .into()
    })
}

/// Parses the bytes of a roster file.
///
/// # Errors
/// What is wrong with its first line.
pub fn parse(bytes: &[u8]) -> Result<Roster, Vec<Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let places = columns(&mut reader)?;
    let mut roster = Roster::default();
    for record in reader.records() {
        match record {
            Ok(record) => match row(&record, &places) {
                Ok(row) => roster.rows.push(row),
                Err(problem) => roster.problems.push(problem),
            },
            Err(error) => roster.problems.push(Problem {
                line: line_of(error.position()),
                field: String::new(),
                reason: "is not valid UTF-8 text".to_owned(),
            }),
        }
    }
    Ok(roster)
}

fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<Option<usize>>, Vec<Problem>> {
    let headers = reader
        .headers()
        .map_err(|_| vec![first_line("", "is not valid UTF-8 text")])?;
    let mut problems: Vec<Problem> = headers
        .iter()
        .filter(|header| !COLUMNS.contains(header))
        .map(|header| first_line(header, "is not a column of a roster"))
        .collect();
    let places: Vec<Option<usize>> = COLUMNS
        .iter()
        .map(|column| headers.iter().position(|header| header == *column))
        .collect();
    for (column, place) in COLUMNS.iter().zip(&places).take(3) {
        if place.is_none() {
            problems.push(first_line(column, "is missing"));
        }
    }
    if problems.is_empty() {
        Ok(places)
    } else {
        Err(problems)
    }
}

fn first_line(field: &str, reason: &str) -> Problem {
    Problem {
        line: 1,
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}

fn row(record: &csv::StringRecord, places: &[Option<usize>]) -> Result<RosterRow, Problem> {
    let line = line_of(record.position());
    let known = places.iter().flatten().count();
    if record.len() != known {
        return Err(Problem {
            line,
            field: String::new(),
            reason: format!("has {} columns, expected {known}", record.len()),
        });
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
            "line 3: has 2 columns, expected 3"
        );
    }

    #[test]
    fn unknown_and_missing_columns_are_named() {
        let told = parse("roster_code,kind,nmae\n".as_bytes()).unwrap_err();
        let told: Vec<String> = told.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "line 1, nmae: is not a column of a roster",
                "line 1, display_name: is missing"
            ]
        );
    }

    #[test]
    fn a_line_that_is_not_utf8_is_told() {
        let text = b"roster_code,kind,display_name\nA,HTX,\xff\nB,HTX,Hai\n";
        let roster = parse(text).unwrap();
        assert_eq!(roster.rows.len(), 1);
        assert_eq!(roster.problems[0].line, 2);
    }
}
