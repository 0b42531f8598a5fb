//! What is wrong with a plan beyond its form, by the line of the file.

use std::collections::BTreeMap;

use tonic_types::StatusExt;
use vietnam::text::excerpt;

use crate::files::Problem;
use crate::files::plan::{Lines, PlanFile, Selection};
use crate::language::phrase;
use crate::load::Directory;

/// Tells every code, cluster and plan in the file that nobody knows.
#[must_use]
pub fn unknown_codes(
    file: &PlanFile,
    directory: &Directory,
    parents: &BTreeMap<String, String>,
) -> Vec<Problem> {
    let mut told = Told {
        directory,
        problems: Vec::new(),
    };
    told.code(file.lines.of("issuer"), "issuer", &file.issuer);
    if let Some(parent) = file
        .parent
        .as_ref()
        .filter(|parent| !parents.contains_key(*parent))
    {
        let parent = excerpt(parent);
        let reason = phrase!(
            "chưa có kế hoạch số “{parent}”; nạp kế hoạch đó trước, hoặc bỏ dòng này",
            "there is no plan \"{parent}\"; load that one first, or leave this line out"
        );
        told.problem(file.lines.of("parent"), "parent", reason);
    }
    for item in &file.items {
        if let Some(lead) = &item.lead {
            told.code(item.lines.of("lead"), "lead", lead);
        }
        for event in &item.events {
            told.code(event.lines.of("lead"), "lead", &event.lead);
            told.selection(&event.lines, "invite", &event.invite);
        }
        for deadline in &item.deadlines {
            told.code(deadline.lines.of("lead"), "lead", &deadline.lead);
            told.selection(&deadline.lines, "owed_by", &deadline.owed_by);
        }
    }
    told.problems
}

struct Told<'a> {
    directory: &'a Directory,
    problems: Vec<Problem>,
}

impl Told<'_> {
    fn problem(&mut self, line: usize, field: &str, reason: String) {
        self.problems.push(Problem::new(line, field, reason));
    }

    fn code(&mut self, line: usize, field: &str, code: &str) {
        // That a code is missing was told with the form.
        if !code.is_empty() && self.directory.get(code).is_none() {
            let code = excerpt(code);
            let reason = phrase!(
                "không có đơn vị nào mang mã “{code}”",
                "no organisation has the roster code \"{code}\""
            );
            self.problem(line, field, reason);
        }
    }

    fn selection(&mut self, lines: &Lines, field: &str, selection: &Selection) {
        for (place, code) in selection.organisations.iter().enumerate() {
            let line = lines.of(&format!("{field}.organisations[{place}]"));
            self.code(line, field, code);
        }
        for (place, cluster) in selection.clusters.iter().enumerate() {
            if let Some(reason) = self.directory.unknown_cluster(cluster) {
                let line = lines.of(&format!("{field}.clusters[{place}]"));
                self.problem(line, field, reason);
            }
        }
    }
}

/// What the service refuses, by the line of the file; nothing where it refuses the whole.
#[must_use]
pub fn refused(file: &PlanFile, status: &tonic::Status) -> Vec<Problem> {
    let Some(bad) = status.get_details_bad_request() else {
        return Vec::new();
    };
    let violations = bad.field_violations.into_iter();
    let problems = violations.map(|violation| {
        let (line, field) = place(file, &violation.field);
        let localized = violation.localized_message;
        let reason = localized.map_or(violation.description, |localized| localized.message);
        Problem::new(line, field, reason)
    });
    problems.collect()
}

/// `items[2].events[0].event.kind` is the field `kind` of that event, on its own line.
fn place<'a>(file: &PlanFile, path: &'a str) -> (usize, &'a str) {
    let mut parts: Vec<&str> = path.split('.').collect();
    let mut lines = &file.lines;
    if let Some(item) = index(parts[0], "items").and_then(|item| file.items.get(item)) {
        lines = &item.lines;
        parts.remove(0);
        let part = parts.first().copied().unwrap_or_default();
        let event = index(part, "events").and_then(|event| item.events.get(event));
        let deadline = index(part, "deadlines").and_then(|row| item.deadlines.get(row));
        let row = event.map(|row| &row.lines);
        if let Some(row) = row.or(deadline.map(|row| &row.lines)) {
            lines = row;
            parts.remove(0);
        }
    }
    if ["plan", "plan_item", "event", "deadline"]
        .contains(&parts.first().copied().unwrap_or_default())
    {
        parts.remove(0);
    }
    let field = in_the_file(&parts, lines);
    (lines.of(field), field.split('[').next().unwrap_or(field))
}

fn index(part: &str, list: &str) -> Option<usize> {
    let rest = part.strip_prefix(list)?.strip_prefix('[')?;
    rest.strip_suffix(']')?.parse().ok()
}

/// What the file calls a field of the contracts.
fn in_the_file<'a>(parts: &[&'a str], lines: &Lines) -> &'a str {
    let (first, last) = match parts {
        [] => return "",
        [only] => (*only, *only),
        [first, .., last] => (*first, *last),
    };
    match first.split('[').next().unwrap_or(first) {
        "anchor" if last == "end_time" => "end",
        "anchor" => ["at", "day", "when", "window"]
            .iter()
            .find(|field| lines.has(field))
            .unwrap_or(&"at"),
        "place" if last == "hint" => "hint",
        "document" if last.starts_with("number") => "number",
        "document" if last == "issuer" => "issuer_name",
        "document" => last,
        "reply_by_date" => "reply_by",
        "issued_document" => "document",
        "lead_unit" => "lead",
        "audience_roles" => "audience",
        "parent_plan" => "parent",
        "invitees" => "invite",
        "organisations" => "owed_by",
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::files::plan::parse;

    const PLAN: &str = r#"[plan]
key = "P"
number = "1/KH-LMHTX"
issuer = "LM"
issuer_name = "Liên minh"
title = "Kế hoạch"
[[item]]
number = "1"
kind = "task"
title = "Việc"
  [[item.event]]
  key = "a"
  kind = "meeting"
  title = "Họp"
  lead = "VP"
  [[item.deadline]]
  key = "b"
  kind = "task"
  title = "Một"
  lead = "VP"
  day = 2024-04-10
"#;

    #[test]
    fn each_path_of_a_request_has_its_line() {
        let file = parse(PLAN).unwrap();
        for (path, line, field) in [
            ("plan.document.number_as_printed", 3, "number"),
            ("plan.title", 6, "title"),
            ("items[0].plan_item.kind", 9, "kind"),
            (
                "items[0].events[0].event.anchor.instant.start_time",
                11,
                "at",
            ),
            ("items[0].events[0].event.lead_unit", 15, "lead"),
            ("items[0].deadlines[0].deadline.anchor.day.date", 21, "day"),
            ("items[0].events[0].invitees[3]", 11, "invite"),
            ("items[0].deadlines[0].deadline.kind", 18, "kind"),
            ("items[0].deadlines[0].organisations", 16, "owed_by"),
            ("request_id", 1, "request_id"),
        ] {
            assert_eq!(place(&file, path), (line, field), "{path}");
        }
    }

    #[test]
    fn codes_and_clusters_and_plans_that_nobody_knows_are_told() {
        let text = PLAN.replace(
            "  lead = \"VP\"\n  [[item",
            "  lead = \"VP\"\n  invite = { clusters = [\"Sao Hỏa\"] }\n  [[item",
        );
        let text = text.replace("title = \"Kế", "parent = \"9/KH-LMHTX\"\ntitle = \"Kế");
        let told = unknown_codes(
            &parse(&text).unwrap(),
            &Directory::default(),
            &BTreeMap::new(),
        );
        let fields: Vec<&str> = told.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["issuer", "parent", "lead", "invite", "lead"]);
    }
}
