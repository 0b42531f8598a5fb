//! From the text of a plan file to a plan, or to everything that is wrong with it.

use jiff::civil::Date;
use toml::de::DeTable;
use vietnam::text::excerpt;

use super::super::Problem;
use super::super::row::{Reader, Row};
use super::{
    DeadlineRow, EventRow, IssuedDocument, Item, PlanFile, Precision, Selection, When, Window,
    grammar,
};
use crate::language::phrase;

/// A day that is told to be wrong stands in the row as one that nobody refuses, so that what else
/// is wrong with the row is found as well.
const UNREAD: Date = jiff::civil::date(2099, 12, 31);

/// What could be read of a plan file, and what is wrong with it.
#[derive(Debug)]
pub struct Read {
    /// The plan; with a problem it is not to be loaded, only looked through for more. None where
    /// not even that can be done.
    pub file: Option<PlanFile>,
    /// What is wrong, by line.
    pub problems: Vec<Problem>,
}

impl Read {
    /// The plan where nothing is wrong.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn whole(self) -> Result<PlanFile, Vec<Problem>> {
        let file = self.file.filter(|_| self.problems.is_empty());
        file.ok_or(self.problems)
    }
}

/// Parses the text of a plan file.
///
/// # Errors
/// Everything that is wrong, by line.
pub fn parse(text: &str) -> Result<PlanFile, Vec<Problem>> {
    parse_all(text).whole()
}

/// Parses the text of a plan file as far as it can be read.
#[must_use]
pub fn parse_all(text: &str) -> Read {
    let mut reader = Reader::new(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut last = 0;
    for error in &errors {
        let line = reader.line(error.span().map_or(0, |span| span.start));
        // What follows a slip in its line is its consequence.
        if line != last {
            reader.problem(line, "", grammar::in_words(&excerpt(error.message())));
        }
        last = line;
    }
    let root = Row::new(document.get_ref(), 1);
    let file = match errors.is_empty() {
        true => plan(&mut reader, &root),
        // What is missing then may only be unreadable.
        false => None,
    };
    let problems = reader.problems;
    Read { file, problems }
}

fn plan(reader: &mut Reader, root: &Row<'_, '_>) -> Option<PlanFile> {
    root.only(reader, &["item", "plan"]);
    let Some(head) = root.table(reader, "plan") else {
        let missing = phrase!(
            "còn thiếu: tệp kế hoạch mở đầu bằng [plan]",
            "is missing: a plan file begins with [plan]"
        );
        reader.problem(1, "plan", missing);
        return None;
    };
    let mut plan = plan_head(reader, &head);
    for row in root.rows(reader, "item") {
        plan.items.push(item(reader, &row));
    }
    refuse_double_keys(reader, &plan);
    Some(plan)
}

fn plan_head(reader: &mut Reader, row: &Row<'_, '_>) -> PlanFile {
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
        lines: row.lines(reader),
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

fn item(reader: &mut Reader, row: &Row<'_, '_>) -> Item {
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
            "short_title",
            "title",
            "when",
        ],
    );
    let mut item = Item {
        lines: row.lines(reader),
        number: row.required_text(reader, "number"),
        kind: row.required_text(reader, "kind"),
        title: row.required_text(reader, "title"),
        short_title: row.text(reader, "short_title").unwrap_or_default(),
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
        item.deadlines.push(deadline(reader, &row));
    }
    item
}

fn event(reader: &mut Reader, row: &Row<'_, '_>) -> EventRow {
    row.only(
        reader,
        &[
            "agenda",
            "at",
            "bring",
            "chair",
            "document",
            "end",
            "fixed_by",
            "hint",
            "invite",
            "key",
            "kind",
            "lead",
            "place",
            "reply_by",
            "short_title",
            "title",
            "window",
        ],
    );
    let start = row.date_time(reader, "at");
    let end = row.date_time(reader, "end");
    if let (Some(start), Some(end)) = (start, end)
        && end <= start
    {
        let reason = phrase!("phải sau giờ bắt đầu", "must be after the start");
        row.refuse(reader, "end", reason);
    }
    let window = row
        .table(reader, "window")
        .and_then(|row| window(reader, &row));
    if start.is_some() && window.is_some() {
        let reason = phrase!(
            "không đi cùng giờ bắt đầu đã chốt",
            "cannot stand beside an exact start"
        );
        row.refuse(reader, "window", reason);
    }
    EventRow {
        lines: row.lines(reader),
        key: row.required_text(reader, "key"),
        kind: row.required_text(reader, "kind"),
        title: row.required_text(reader, "title"),
        short_title: row.text(reader, "short_title").unwrap_or_default(),
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

fn deadline(reader: &mut Reader, row: &Row<'_, '_>) -> DeadlineRow {
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
            "short_title",
            "submit_to",
            "title",
        ],
    );
    let kind = row.required_text(reader, "kind");
    if !kind.is_empty() && !["report", "task"].contains(&kind.as_str()) {
        let reason = phrase!(
            "phải là \"report\" hoặc \"task\"",
            "must be \"report\" or \"task\""
        );
        row.refuse(reader, "kind", reason);
    }
    let bound = row
        .text(reader, "bound")
        .unwrap_or_else(|| "through".to_owned());
    if !["before", "through"].contains(&bound.as_str()) {
        let reason = phrase!(
            "phải là \"before\" hoặc \"through\"",
            "must be \"before\" or \"through\""
        );
        row.refuse(reader, "bound", reason);
    }
    row.must_have(reader, "day");
    DeadlineRow {
        lines: row.lines(reader),
        key: row.required_text(reader, "key"),
        kind,
        title: row.required_text(reader, "title"),
        short_title: row.text(reader, "short_title").unwrap_or_default(),
        before: bound == "before",
        lead: row.required_text(reader, "lead"),
        contents: row.texts(reader, "contents"),
        submit_to: row.text(reader, "submit_to").unwrap_or_default(),
        owed_by: row
            .table(reader, "owed_by")
            .map(|row| selection(reader, &row))
            .unwrap_or_default(),
        day: row.date(reader, "day").unwrap_or(UNREAD),
    }
}

fn issued_document(reader: &mut Reader, row: &Row<'_, '_>) -> IssuedDocument {
    row.only(reader, &["date", "number", "title"]);
    IssuedDocument {
        number: row.required_text(reader, "number"),
        date: row.date(reader, "date"),
        title: row.text(reader, "title").unwrap_or_default(),
    }
}

fn selection(reader: &mut Reader, row: &Row<'_, '_>) -> Selection {
    row.only(reader, &["clusters", "members", "organisations"]);
    Selection {
        members: row.flag(reader, "members"),
        clusters: row.texts(reader, "clusters"),
        organisations: row.texts(reader, "organisations"),
    }
}

fn window(reader: &mut Reader, row: &Row<'_, '_>) -> Option<Window> {
    row.only(reader, &["derived", "end", "precision", "start", "text"]);
    let text = row.required_text(reader, "text");
    let start = row.date(reader, "start");
    let end = row.date(reader, "end");
    for field in ["start", "end"] {
        row.must_have(reader, field);
    }
    let precision = match row.text(reader, "precision").as_deref() {
        Some("day") => Some(Precision::Day),
        Some("month") => Some(Precision::Month),
        Some("approximate") => Some(Precision::Approximate),
        Some("year") => Some(Precision::Year),
        Some(_) | None => {
            let reason = phrase!(
                "phải là day, month, approximate hoặc year",
                "must be day, month, approximate or year"
            );
            row.refuse(reader, "precision", reason);
            None
        }
    };
    let (start, end) = (start?, end?);
    if end < start {
        let reason = phrase!("không được trước ngày đầu", "must not be before the start");
        row.refuse(reader, "end", reason);
    }
    Some(Window {
        text,
        start,
        end,
        precision: precision?,
        derived: row.flag(reader, "derived"),
    })
}

fn refuse_double_keys(reader: &mut Reader, plan: &PlanFile) {
    let mut seen = std::collections::HashSet::new();
    let events = plan.items.iter().flat_map(|item| {
        item.events
            .iter()
            .map(|row| (row.lines.of("key"), &row.key))
    });
    let deadlines = plan.items.iter().flat_map(|item| {
        item.deadlines
            .iter()
            .map(|row| (row.lines.of("key"), &row.key))
    });
    let named = events.chain(deadlines).filter(|(_, key)| !key.is_empty());
    for (line, key) in named {
        if !seen.insert(key) {
            let key = excerpt(key);
            reader.problem(
                line,
                "key",
                phrase!("“{key}” dùng hai lần", "\"{key}\" is used twice"),
            );
        }
    }
}
