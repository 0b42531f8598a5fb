//! Plans as TOML files: `deploy/demo/plans/` shows the form.

use std::path::Path;

use jiff::civil::{Date, DateTime};
use toml::de::DeTable;

use super::row::{Reader, Row};
use super::{BadFile, Problem};

/// A plan with its items, events and deadlines.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanFile {
    /// Short key, for scripts.
    pub key: String,
    /// Number as printed, for example "123 KH-LMHTX".
    pub number: String,
    /// Roster code of the issuing organisation.
    pub issuer: String,
    /// The issuing body as it names itself.
    pub issuer_name: String,
    /// Date of the document.
    pub date: Option<Date>,
    /// Every date seen, where sources disagree.
    pub dates_seen: Vec<Date>,
    /// What it is about.
    pub title: String,
    /// Its theme.
    pub theme: String,
    /// Number of the plan it carries out.
    pub parent: Option<String>,
    /// The time it covers.
    pub window: Option<Window>,
    /// Its peak.
    pub peak: Option<Window>,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// An item of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Line in the file.
    pub line: usize,
    /// Number as printed.
    pub number: String,
    /// Kind of activity.
    pub kind: String,
    /// What is to be done.
    pub title: String,
    /// When, as far as the plan says.
    pub when: Option<When>,
    /// Where, as far as the plan says.
    pub place: String,
    /// Roster code of the unit in charge.
    pub lead: Option<String>,
    /// Coordinating bodies.
    pub coordinating: Vec<String>,
    /// Whom it addresses, as roles.
    pub audience: Vec<String>,
    /// How unclear text was read.
    pub remarks: Vec<String>,
    /// Events that carry it out.
    pub events: Vec<EventRow>,
    /// Deadlines that carry it out.
    pub deadlines: Vec<DeadlineRow>,
}

/// An event of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// Line in the file.
    pub line: usize,
    /// Key, unique in the files loaded together.
    pub key: String,
    /// Kind.
    pub kind: String,
    /// Title without the date.
    pub title: String,
    /// When; none where no date is known at all.
    pub when: Option<When>,
    /// Where.
    pub place: String,
    /// How to get there.
    pub hint: String,
    /// Roster code of the unit in charge.
    pub lead: String,
    /// Who chairs.
    pub chair: String,
    /// Agenda, a line each.
    pub agenda: Vec<String>,
    /// What to bring.
    pub bring: String,
    /// Last day to reply.
    pub reply_by: Option<Date>,
    /// The issued invitation.
    pub document: Option<IssuedDocument>,
    /// Who is invited.
    pub invite: Selection,
}

/// A deadline of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlineRow {
    /// Line in the file.
    pub line: usize,
    /// Key, unique in the files loaded together.
    pub key: String,
    /// "report" or "task".
    pub kind: String,
    /// Title without the date.
    pub title: String,
    /// The day named in the text.
    pub day: Date,
    /// Before the day (true) or through it.
    pub before: bool,
    /// Roster code of the unit in charge.
    pub lead: String,
    /// What it must contain, a line each.
    pub contents: Vec<String>,
    /// Where to hand it in.
    pub submit_to: String,
    /// Who owes it.
    pub owed_by: Selection,
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuedDocument {
    /// Number as printed.
    pub number: String,
    /// Its date.
    pub date: Option<Date>,
    /// What it is about.
    pub title: String,
}

/// Organisations chosen by what they are. The parts add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// Every admitted member.
    pub members: bool,
    /// Every organisation of these clusters.
    pub clusters: Vec<String>,
    /// These, by roster code.
    pub organisations: Vec<String>,
}

/// When, as a file says it.
#[derive(Clone, Debug, PartialEq)]
pub enum When {
    /// A start and perhaps an end, local time.
    Instant {
        /// The start.
        start: DateTime,
        /// The end.
        end: Option<DateTime>,
    },
    /// A day.
    Day {
        /// The day named.
        date: Date,
        /// Before it rather than on it.
        before: bool,
    },
    /// A window.
    Window(Window),
}

/// A window as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// As printed.
    pub text: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// How exact.
    pub precision: Precision,
    /// Derived rather than stated.
    pub derived: bool,
}

/// How exact a window is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Days are stated.
    Day,
    /// Months are stated.
    Month,
    /// "Đầu", "cuối".
    Approximate,
    /// A year.
    Year,
}

/// Reads a plan file.
///
/// # Errors
/// The file cannot be read, or something in it is wrong: everything is told.
pub fn read(path: &Path) -> anyhow::Result<PlanFile> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", path.display()))?;
    parse(&text).map_err(|problems| {
        BadFile {
            file: path.display().to_string(),
            problems,
        }
        .into()
    })
}

/// Parses the text of a plan file.
///
/// # Errors
/// Everything that is wrong, by line.
pub fn parse(text: &str) -> Result<PlanFile, Vec<Problem>> {
    let mut reader = Reader::new(text);
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = reader.line(error.span().map_or(0, |span| span.start));
            reader.problem(line, "", error.message().to_owned());
            return Err(reader.problems);
        }
    };
    let root = Row::new(document.get_ref(), 1);
    root.only(&mut reader, &["item", "plan"]);
    let Some(head) = root.table(&mut reader, "plan") else {
        reader.problem(1, "plan", "is missing: a plan file begins with [plan]");
        return Err(reader.problems);
    };
    let mut plan = plan_head(&mut reader, &head);
    for row in root.rows(&mut reader, "item") {
        plan.items.push(item(&mut reader, &row));
    }
    refuse_double_keys(&mut reader, &plan);
    if reader.problems.is_empty() {
        Ok(plan)
    } else {
        Err(reader.problems)
    }
}

fn plan_head(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> PlanFile {
    row.only(
        reader,
        &[
            "date",
            "dates_seen",
            "issuer",
            "issuer_name",
            "key",
            "number",
            "parent",
            "peak",
            "theme",
            "title",
            "window",
        ],
    );
    PlanFile {
        key: row.required_text(reader, "key"),
        number: row.required_text(reader, "number"),
        issuer: row.required_text(reader, "issuer"),
        issuer_name: row.required_text(reader, "issuer_name"),
        date: row.date(reader, "date"),
        dates_seen: row.dates(reader, "dates_seen"),
        title: row.required_text(reader, "title"),
        theme: row.text(reader, "theme").unwrap_or_default(),
        parent: row.text(reader, "parent"),
        window: row
            .table(reader, "window")
            .and_then(|row| window(reader, &row)),
        peak: row
            .table(reader, "peak")
            .and_then(|row| window(reader, &row)),
        items: Vec::new(),
    }
}

fn item(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> Item {
    row.only(
        reader,
        &[
            "audience",
            "coordinating",
            "deadline",
            "event",
            "kind",
            "lead",
            "number",
            "place",
            "remarks",
            "title",
            "when",
        ],
    );
    let mut item = Item {
        line: row.line,
        number: row.required_text(reader, "number"),
        kind: row.required_text(reader, "kind"),
        title: row.required_text(reader, "title"),
        when: row
            .table(reader, "when")
            .and_then(|row| window(reader, &row))
            .map(When::Window),
        place: row.text(reader, "place").unwrap_or_default(),
        lead: row.text(reader, "lead"),
        coordinating: row.texts(reader, "coordinating"),
        audience: row.texts(reader, "audience"),
        remarks: row.texts(reader, "remarks"),
        events: Vec::new(),
        deadlines: Vec::new(),
    };
    for row in row.rows(reader, "event") {
        item.events.push(event(reader, &row));
    }
    for row in row.rows(reader, "deadline") {
        if let Some(deadline) = deadline(reader, &row) {
            item.deadlines.push(deadline);
        }
    }
    item
}

fn event(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> EventRow {
    row.only(
        reader,
        &[
            "agenda", "at", "bring", "chair", "document", "end", "fixed_by", "hint", "invite",
            "key", "kind", "lead", "place", "reply_by", "title", "window",
        ],
    );
    let start = row.date_time(reader, "at");
    let end = row.date_time(reader, "end");
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        reader.problem(row.line, "end", "must be after the start");
    }
    let window = row
        .table(reader, "window")
        .and_then(|row| window(reader, &row));
    if start.is_some() && window.is_some() {
        reader.problem(row.line, "window", "cannot stand beside an exact start");
    }
    EventRow {
        line: row.line,
        key: row.required_text(reader, "key"),
        kind: row.required_text(reader, "kind"),
        title: row.required_text(reader, "title"),
        when: start
            .map(|start| When::Instant { start, end })
            .or(window.map(When::Window)),
        place: row.text(reader, "place").unwrap_or_default(),
        hint: row.text(reader, "hint").unwrap_or_default(),
        lead: row.required_text(reader, "lead"),
        chair: row.text(reader, "chair").unwrap_or_default(),
        agenda: row.texts(reader, "agenda"),
        bring: row.text(reader, "bring").unwrap_or_default(),
        reply_by: row.date(reader, "reply_by"),
        document: row
            .table(reader, "document")
            .map(|row| issued_document(reader, &row)),
        invite: row
            .table(reader, "invite")
            .map(|row| selection(reader, &row))
            .unwrap_or_default(),
    }
}

fn deadline(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> Option<DeadlineRow> {
    row.only(
        reader,
        &[
            "bound",
            "contents",
            "day",
            "key",
            "kind",
            "lead",
            "owed_by",
            "submit_to",
            "title",
        ],
    );
    let kind = row.required_text(reader, "kind");
    if !["report", "task"].contains(&kind.as_str()) {
        reader.problem(row.line, "kind", "must be \"report\" or \"task\"");
    }
    let bound = row
        .text(reader, "bound")
        .unwrap_or_else(|| "through".to_owned());
    if !["before", "through"].contains(&bound.as_str()) {
        reader.problem(row.line, "bound", "must be \"before\" or \"through\"");
    }
    let day = row.date(reader, "day");
    if day.is_none() && !reader.problems.iter().any(|problem| problem.field == "day") {
        reader.problem(row.line, "day", "is missing");
    }
    Some(DeadlineRow {
        line: row.line,
        key: row.required_text(reader, "key"),
        kind,
        title: row.required_text(reader, "title"),
        before: bound == "before",
        lead: row.required_text(reader, "lead"),
        contents: row.texts(reader, "contents"),
        submit_to: row.text(reader, "submit_to").unwrap_or_default(),
        owed_by: row
            .table(reader, "owed_by")
            .map(|row| selection(reader, &row))
            .unwrap_or_default(),
        day: day?,
    })
}

fn issued_document(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> IssuedDocument {
    row.only(reader, &["date", "number", "title"]);
    IssuedDocument {
        number: row.required_text(reader, "number"),
        date: row.date(reader, "date"),
        title: row.text(reader, "title").unwrap_or_default(),
    }
}

fn selection(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> Selection {
    row.only(reader, &["clusters", "members", "organisations"]);
    Selection {
        members: row.flag(reader, "members"),
        clusters: row.texts(reader, "clusters"),
        organisations: row.texts(reader, "organisations"),
    }
}

fn window(reader: &mut Reader<'_>, row: &Row<'_, '_>) -> Option<Window> {
    row.only(reader, &["derived", "end", "precision", "start", "text"]);
    let text = row.required_text(reader, "text");
    let start = row.date(reader, "start");
    let end = row.date(reader, "end");
    for (field, date) in [("start", start), ("end", end)] {
        if date.is_none() && !reader.problems.iter().any(|problem| problem.field == field) {
            reader.problem(row.line, field, "is missing");
        }
    }
    let precision = match row.text(reader, "precision").as_deref() {
        Some("day") => Some(Precision::Day),
        Some("month") => Some(Precision::Month),
        Some("approximate") => Some(Precision::Approximate),
        Some("year") => Some(Precision::Year),
        Some(_) | None => {
            reader.problem(
                row.line,
                "precision",
                "must be day, month, approximate or year",
            );
            None
        }
    };
    let (start, end) = (start?, end?);
    if end < start {
        reader.problem(row.line, "end", "must not be before the start");
    }
    Some(Window {
        text,
        start,
        end,
        precision: precision?,
        derived: row.flag(reader, "derived"),
    })
}

fn refuse_double_keys(reader: &mut Reader<'_>, plan: &PlanFile) {
    let mut seen = std::collections::HashSet::new();
    let events = plan
        .items
        .iter()
        .flat_map(|item| item.events.iter().map(|row| (row.line, &row.key)));
    let deadlines = plan
        .items
        .iter()
        .flat_map(|item| item.deadlines.iter().map(|row| (row.line, &row.key)));
    for (line, key) in events.chain(deadlines) {
        if !seen.insert(key) {
            reader.problem(line, "key", format!("\"{key}\" is used twice"));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn demo(file: &str) -> PlanFile {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/demo/plans");
        read(&Path::new(folder).join(file)).unwrap()
    }

    #[test]
    fn the_plans_of_the_demonstration_are_well_formed() {
        let plan = demo("123-dak-nong-2024.toml");
        assert_eq!(plan.number, "123 KH-LMHTX");
        assert_eq!(
            plan.items
                .iter()
                .map(|item| item.events.len())
                .sum::<usize>(),
            7
        );
        let national = demo("70-vca-2024.toml");
        assert_eq!(national.dates_seen.len(), 2);
        assert_eq!(demo("46-vca-2024.toml").items[0].deadlines.len(), 2);
        assert_eq!(demo("133-thua-thien-hue-2021.toml").items.len(), 8);
    }

    #[test]
    fn every_wrong_row_is_told_with_line_field_and_reason() {
        let text = r#"[plan]
key = "P"
number = "1/KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh"
title = 5

[[item]]
number = "1"
kind = "meeting"
titel = "Hội nghị"

  [[item.event]]
  key = "a"
  kind = "meeting"
  title = "Hội nghị"
  lead = "VP"
  at = 2024-04-11T08:00:00
  end = 2024-04-11T07:00:00

  [[item.deadline]]
  key = "a"
  kind = "raport"
  title = "Báo cáo"
  lead = "VP"
  day = 2024-04-10T08:00:00
"#;
        let told: Vec<String> = parse(text)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        for expected in [
            "line 6, title: expected a text in quotes, found integer",
            "line 11, titel: is not a field of this table",
            "line 8, title: is missing",
            "line 13, end: must be after the start",
            "line 21, kind: must be \"report\" or \"task\"",
            "line 26, day: 2024-04-10T08:00:00 is not a date like 2024-04-11",
        ] {
            assert!(
                told.iter().any(|line| line == expected),
                "{expected} is not in {told:#?}"
            );
        }
    }

    #[test]
    fn a_file_that_is_not_toml_names_the_line() {
        let told = parse("[plan]\nkey = \"P\nnumber = 1").unwrap_err();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].line, 2);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let text = r#"[plan]
key = "P"
number = "1/KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh"
title = "Kế hoạch"
[[item]]
number = "1"
kind = "task"
title = "Việc"
  [[item.deadline]]
  key = "a"
  kind = "task"
  title = "Một"
  lead = "VP"
  day = 2024-04-10
  [[item.deadline]]
  key = "a"
  kind = "task"
  title = "Hai"
  lead = "VP"
  day = 2024-04-10
"#;
        let told = parse(text).unwrap_err();
        assert_eq!(told[0].to_string(), "line 17, key: \"a\" is used twice");
    }
}
