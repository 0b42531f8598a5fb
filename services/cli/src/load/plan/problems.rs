//! What is wrong with a plan beyond its form, by the line of the file.

use std::collections::BTreeMap;

use tonic_types::StatusExt;
use vietnam::text::excerpt;

use crate::files::Problem;
use crate::files::plan::{PlanFile, Selection};
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
    told.code(1, "issuer", &file.issuer);
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
        told.problem(1, "parent", reason);
    }
    for item in &file.items {
        if let Some(lead) = &item.lead {
            told.code(item.line, "lead", lead);
        }
        for event in &item.events {
            told.code(event.line, "lead", &event.lead);
            told.selection(event.line, "invite", &event.invite);
        }
        for deadline in &item.deadlines {
            told.code(deadline.line, "lead", &deadline.lead);
            told.selection(deadline.line, "owed_by", &deadline.owed_by);
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
        self.problems.push(Problem {
            line,
            field: field.to_owned(),
            reason,
        });
    }

    fn code(&mut self, line: usize, field: &str, code: &str) {
        if self.directory.get(code).is_none() {
            let code = excerpt(code);
            let reason = phrase!(
                "không có đơn vị nào mang mã “{code}”",
                "no organisation has the roster code \"{code}\""
            );
            self.problem(line, field, reason);
        }
    }

    fn selection(&mut self, line: usize, field: &str, selection: &Selection) {
        for code in &selection.organisations {
            self.code(line, field, code);
        }
        for cluster in &selection.clusters {
            if let Some(reason) = self.directory.unknown_cluster(cluster) {
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
        Problem {
            line,
            field,
            reason: localized.map_or(violation.description, |localized| localized.message),
        }
    });
    problems.collect()
}

/// `items[2].events[0].event.kind` is the field `kind` of the line on which that event begins.
fn place(file: &PlanFile, path: &str) -> (usize, String) {
    let mut parts = path.split('.');
    let mut line = 1;
    let mut part = parts.next().unwrap_or_default();
    let item = index(part, "items").and_then(|item| file.items.get(item));
    if let Some(item) = item {
        line = item.line;
        part = parts.next().unwrap_or_default();
        let event = index(part, "events").and_then(|event| item.events.get(event));
        let deadline = index(part, "deadlines").and_then(|row| item.deadlines.get(row));
        let row = event.map(|row| row.line).or(deadline.map(|row| row.line));
        if let Some(row) = row {
            line = row;
            part = parts.next().unwrap_or_default();
        }
    }
    let field = parts.next().unwrap_or(part);
    (line, in_the_file(field).to_owned())
}

fn index(part: &str, list: &str) -> Option<usize> {
    let rest = part.strip_prefix(list)?.strip_prefix('[')?;
    rest.strip_suffix(']')?.parse().ok()
}

/// What the file calls a field of the contracts.
fn in_the_file(field: &str) -> &str {
    match field.split('[').next().unwrap_or(field) {
        "anchor" => "at/day/when",
        "reply_by_date" => "reply_by",
        "issued_document" | "document" => "document",
        "lead_unit" => "lead",
        "audience_roles" => "audience",
        "parent_plan" => "parent",
        "invitees" => "invite",
        "organisations" => "owed_by",
        other => other,
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
            ("plan.document.number", 1, "document"),
            ("plan.title", 1, "title"),
            ("items[0].plan_item.kind", 7, "kind"),
            (
                "items[0].events[0].event.anchor.instant.start_time",
                11,
                "at/day/when",
            ),
            ("items[0].events[0].invitees[3]", 11, "invite"),
            ("items[0].deadlines[0].deadline.kind", 16, "kind"),
            ("items[0].deadlines[0].organisations", 16, "owed_by"),
            ("request_id", 1, "request_id"),
        ] {
            assert_eq!(place(&file, path), (line, field.to_owned()), "{path}");
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
