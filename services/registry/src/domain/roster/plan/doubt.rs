//! What a person looks at before it is written.

use super::Desk;
use super::find::Match;
use crate::domain::organisation::Organisation;
use crate::domain::roster::{Confirmation, Remark, Report, Row};
use crate::domain::search;

impl Desk<'_> {
    /// Lets a row wait that would make another body of a known one, or that goes by a
    /// code which a member wrote, unless a person has confirmed just that.
    pub(super) fn ask(&mut self, row: &Row, found: &Match) -> Result<(), Report> {
        let entry = found.entry();
        let waits = entry.and_then(|at| self.entries[at].waits.clone());
        if let Some(confirmation) = waits {
            let remarks = vec![with_an_earlier_row()];
            return Err(Report::waiting(row.line, remarks, confirmation));
        }
        let doubts = self.doubts(row, found);
        if doubts.is_empty() {
            return Ok(());
        }
        let concerned = [entry, self.parent_by_member(row)];
        let known: Vec<&Organisation> = concerned
            .iter()
            .flatten()
            .map(|at| &self.entries[*at].organisation)
            .collect();
        let confirmation = Confirmation::of(row, &known);
        if self.confirmed.holds(&confirmation) {
            concerned
                .into_iter()
                .flatten()
                .for_each(|at| self.trust(at));
            return Ok(());
        }
        if let Some(at) = entry {
            self.entries[at].waits = Some(confirmation.clone());
        }
        Err(Report::waiting(row.line, doubts, confirmation))
    }

    fn doubts(&self, row: &Row, found: &Match) -> Vec<Remark> {
        let mut doubts = Vec::new();
        if let Match::Same(at) = found {
            let entry = &self.entries[*at];
            if entry.may_be_renamed(false) {
                doubts.extend(renames(row, &entry.organisation));
            }
            if !entry.described {
                doubts.extend(other_kind(row, &entry.organisation));
            }
        }
        let by_member = |at: &usize| self.entries[*at].organisation.codes_by_member;
        if let Some(at) = found.entry().filter(by_member) {
            doubts.push(by_a_members_code(row, &self.entries[at].organisation));
        }
        if self.parent_by_member(row).is_some() {
            doubts.push(members_code("parent_code"));
        }
        doubts
    }

    /// The parent that a row names, where its code was written by that member itself.
    fn parent_by_member(&self, row: &Row) -> Option<usize> {
        let at = *self.by_code.get(row.parent_code.as_ref()?)?;
        self.entries[at].organisation.codes_by_member.then_some(at)
    }

    /// Somebody has looked at the codes.
    fn trust(&mut self, at: usize) {
        let entry = &mut self.entries[at];
        if entry.organisation.codes_by_member {
            entry.organisation.codes_by_member = false;
            entry.fate.change();
        }
    }
}

fn renames(row: &Row, known: &Organisation) -> Option<Remark> {
    let (told, known) = (row.display_name.as_ref()?, &known.details.display_name);
    let same = search::folded_name(told) == search::folded_name(known);
    (!same).then(|| {
        Remark::new(
            "display_name",
            format!("Sẽ đổi tên \"{known}\" thành \"{told}\"; cần người xác nhận đây là cùng một đơn vị."),
            format!("This would rename \"{known}\" to \"{told}\"; a person must confirm that both are one body."),
        )
    })
}

fn other_kind(row: &Row, known: &Organisation) -> Option<Remark> {
    row.kind
        .filter(|kind| *kind != known.details.kind)
        .map(|_| {
            Remark::new(
                "kind",
                format!(
                    "Sẽ đổi loại hình của \"{}\"; cần người xác nhận.",
                    known.details.display_name
                ),
                format!(
                    "This would change the kind of \"{}\"; a person must confirm it.",
                    known.details.display_name
                ),
            )
        })
}

fn by_a_members_code(row: &Row, known: &Organisation) -> Remark {
    let by_roster_code = row.roster_code.is_some() && row.roster_code == known.details.roster_code;
    members_code(if by_roster_code {
        "roster_code"
    } else {
        "tax_code"
    })
}

fn members_code(field: &str) -> Remark {
    Remark::new(
        field,
        "Mã này do chính đơn vị ghi, chưa được cán bộ kiểm tra; cần người xác nhận.",
        "The organisation itself wrote this code and no officer has checked it; a person must confirm it.",
    )
}

fn with_an_earlier_row() -> Remark {
    Remark::new(
        "",
        "Chờ xác nhận cùng với dòng trước của đơn vị này.",
        "Waits together with an earlier row of this organisation.",
    )
}
