//! From the text of a plan file to a plan, or to everything that is wrong with it.

use toml::de::DeTable;
use vietnam::text::excerpt;

use super::super::Problem;
use super::super::row::{Reader, Row};
use super::{
    DeadlineRow, EventRow, IssuedDocument, Item, PlanFile, Precision, Selection, When, Window,
};
use crate::language::phrase;

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
            reader.problem(line, "", excerpt(error.message()));
            return Err(reader.problems);
        }
    };
    let root = Row::new(document.get_ref(), 1);
    root.only(&mut reader, &["item", "plan"]);
    let Some(head) = root.table(&mut reader, "plan") else {
        reader.problem(
            1,
            "plan",
            phrase!(
                "còn thiếu: tệp kế hoạch mở đầu bằng [plan]",
                "is missing: a plan file begins with [plan]"
            ),
        );
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
        line: row.line,
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
        if let Some(deadline) = deadline(reader, &row) {
            item.deadlines.push(deadline);
        }
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
        reader.problem(
            row.line,
            "end",
            phrase!("phải sau giờ bắt đầu", "must be after the start"),
        );
    }
    let window = row
        .table(reader, "window")
        .and_then(|row| window(reader, &row));
    if start.is_some() && window.is_some() {
        reader.problem(
            row.line,
            "window",
            phrase!(
                "không đi cùng giờ bắt đầu đã chốt",
                "cannot stand beside an exact start"
            ),
        );
    }
    EventRow {
        line: row.line,
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

fn deadline(reader: &mut Reader, row: &Row<'_, '_>) -> Option<DeadlineRow> {
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
    if !["report", "task"].contains(&kind.as_str()) {
        reader.problem(
            row.line,
            "kind",
            phrase!(
                "phải là \"report\" hoặc \"task\"",
                "must be \"report\" or \"task\""
            ),
        );
    }
    let bound = row
        .text(reader, "bound")
        .unwrap_or_else(|| "through".to_owned());
    if !["before", "through"].contains(&bound.as_str()) {
        reader.problem(
            row.line,
            "bound",
            phrase!(
                "phải là \"before\" hoặc \"through\"",
                "must be \"before\" or \"through\""
            ),
        );
    }
    let day = row.date(reader, "day");
    if day.is_none() && !reader.problems.iter().any(|problem| problem.field == "day") {
        reader.problem(row.line, "day", phrase!("còn thiếu", "is missing"));
    }
    Some(DeadlineRow {
        line: row.line,
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
        day: day?,
    })
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
    for (field, date) in [("start", start), ("end", end)] {
        if date.is_none() && !reader.problems.iter().any(|problem| problem.field == field) {
            reader.problem(row.line, field, phrase!("còn thiếu", "is missing"));
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
                phrase!(
                    "phải là day, month, approximate hoặc year",
                    "must be day, month, approximate or year"
                ),
            );
            None
        }
    };
    let (start, end) = (start?, end?);
    if end < start {
        reader.problem(
            row.line,
            "end",
            phrase!("không được trước ngày đầu", "must not be before the start"),
        );
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
            let key = excerpt(key);
            reader.problem(
                line,
                "key",
                phrase!("“{key}” dùng hai lần", "\"{key}\" is used twice"),
            );
        }
    }
}
