//! What the walks meet, as lines to compare with what `tests/surface` has recorded.

use std::collections::{BTreeMap, BTreeSet};

use tonic::Status;
use tonic_types::StatusExt;

use super::bodies::Wrong;
use super::rpc::Rpc;
use crate::api::violations;

/// Lines by their beginning, each with every end that was met.
#[derive(Debug, Default)]
pub(crate) struct Met(BTreeMap<String, BTreeSet<String>>);

impl Met {
    /// Who called an rpc, and the code of the answer.
    pub(crate) fn caller(&mut self, rpc: &Rpc, who: &str, refused: Option<&Status>) {
        let code = refused.map_or(tonic::Code::Ok, Status::code);
        self.add(format!("{} | {who}", place(rpc)), format!("{code:?}"));
    }

    /// What a wrong body was answered: code, then reason and field of all that the good body
    /// was not told of.
    pub(super) fn wrong(
        &mut self,
        rpc: &Rpc,
        wrong: &Wrong,
        known: &[String],
        refused: Option<&Status>,
    ) {
        let path = wrong.path.as_deref().unwrap_or("the whole");
        let answer = refused.map_or_else(|| "taken".to_owned(), |status| reasons(status, known));
        // Where it is wrong stands before it.
        let what = wrong.what.rsplit_once(" in ");
        let what = what.map_or(wrong.what.as_str(), |(what, _)| what);
        self.add(format!("{} {path} | {answer}", place(rpc)), what.to_owned());
    }

    fn add(&mut self, beginning: String, end: String) {
        self.0.entry(beginning).or_default().insert(end);
    }

    pub(crate) fn text(&self) -> String {
        let line = |(beginning, ends): (&String, &BTreeSet<String>)| {
            let ends: Vec<&str> = ends.iter().map(String::as_str).collect();
            format!("{beginning} | {}\n", ends.join(", "))
        };
        self.0.iter().map(line).collect()
    }
}

fn place(rpc: &Rpc) -> String {
    format!("{} {}", rpc.server(), rpc.name())
}

fn reasons(status: &Status, known: &[String]) -> String {
    let found = violations(status);
    let new = found.iter().filter(|each| !known.contains(&each.field));
    let new: BTreeSet<String> = new
        .map(|each| {
            format!("{} {}", each.reason, each.field)
                .trim_end()
                .to_owned()
        })
        .collect();
    let code = status.code();
    if !new.is_empty() {
        let new: Vec<String> = new.into_iter().collect();
        return format!("{code:?}: {}", new.join(", "));
    }
    let info = status.get_details_error_info();
    let reason = info.map(|info| info.reason).unwrap_or_default();
    format!("{code:?} {reason}")
}
