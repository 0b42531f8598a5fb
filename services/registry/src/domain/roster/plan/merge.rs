//! What a row says about its organisation.

use super::{Desk, Entry, Fate, Taken};
use crate::domain::id::OrganisationId;
use crate::domain::membership::{Membership, MembershipState};
use crate::domain::organisation::{Details, Organisation, Status};
use crate::domain::roster::{Remark, Report, Row, RowMembership};
use crate::domain::{search, short_name};

impl Desk<'_> {
    pub(super) fn create(&mut self, row: Row) -> Result<Taken, Report> {
        let (Some(kind), Some(name)) = (row.kind, row.display_name.clone()) else {
            return Err(Report::refused(row.line, missing(&row)));
        };
        let details = Details {
            kind,
            short_name: short_name::derived(&name),
            display_name: name,
            tax_code: row.tax_code.clone(),
            tax_code_override_reason: String::new(),
            registration_number: String::new(),
            roster_code: row.roster_code.clone(),
            address: row.address.clone(),
            province_code: row.province_code.clone(),
            locality: row.locality.clone(),
            cluster: row.cluster.clone(),
            parent: None,
            status: Status::Active,
            successor: None,
        };
        let id = OrganisationId((self.new_id)());
        let mut organisation = Organisation::entered(id, details, self.now);
        if let Some(stated) = &row.membership {
            if !kind.joins() {
                return Err(Report::refused(row.line, vec![does_not_join()]));
            }
            organisation.membership = Some(admitted(stated));
        }
        let entry = self.put(organisation, Fate::Created, Vec::new());
        self.entries[entry].admitted = row.membership.is_some();
        self.entries[entry].described = true;
        self.entries[entry].named = true;
        Ok(self.place(row, entry, true, false))
    }

    pub(super) fn update(
        &mut self,
        mut row: Row,
        at: usize,
        other_roster: bool,
    ) -> Result<Taken, Report> {
        let entry = &mut self.entries[at];
        if row.membership.is_some() && !row.kind.unwrap_or(entry.organisation.details.kind).joins()
        {
            return Err(Report::refused(row.line, vec![does_not_join()]));
        }
        let before = entry.organisation.clone();
        if other_roster {
            row.remarks.push(other_code(&before.details));
        }
        entry.name(&mut row, other_roster);
        entry.merge(&mut row, other_roster || entry.described);
        entry.join(&mut row);
        entry.described = true;
        let changed = entry.organisation != before;
        if changed {
            entry.fate.change();
        }
        self.index(at);
        if let (true, Some(code)) = (other_roster, &row.roster_code) {
            self.by_code.insert(code.clone(), at);
        }
        let mut taken = self.place(row, at, false, other_roster);
        taken.changed |= changed;
        Ok(taken)
    }
}

impl Entry {
    fn name(&mut self, row: &mut Row, other_roster: bool) {
        let stays = !self.may_be_renamed(other_roster);
        let details = &mut self.organisation.details;
        let Some(told) = row.display_name.take() else {
            return;
        };
        self.named = true;
        if told == details.display_name {
            return;
        }
        let same = search::folded_name(&told) == search::folded_name(&details.display_name);
        if !same {
            row.remarks.push(if stays {
                differs("display_name", "Tên", "The name")
            } else {
                renamed(&details.display_name)
            });
        }
        if stays {
            return;
        }
        if details.short_name == short_name::derived(&details.display_name) {
            details.short_name = short_name::derived(&told);
        }
        details.display_name = told;
    }

    fn merge(&mut self, row: &mut Row, adds_only: bool) {
        let details = &mut self.organisation.details;
        if let Some(kind) = row.kind.filter(|kind| *kind != details.kind) {
            if adds_only {
                row.remarks.push(differs("kind", "Loại hình", "The kind"));
            } else {
                row.remarks.push(Remark::new(
                    "kind",
                    "Đã đổi loại hình của đơn vị.",
                    "The kind of the organisation was changed.",
                ));
                details.kind = kind;
            }
        }
        for (known, told) in [
            (&mut details.address, &row.address),
            (&mut details.locality, &row.locality),
            (&mut details.province_code, &row.province_code),
            (&mut details.cluster, &row.cluster),
        ] {
            if !told.is_empty() && (known.is_empty() || !adds_only) {
                known.clone_from(told);
            }
        }
        if details.tax_code.is_none() {
            details.tax_code.clone_from(&row.tax_code);
        }
        if details.roster_code.is_none() {
            details.roster_code.clone_from(&row.roster_code);
        }
    }

    /// A roster makes members of those who are none yet; it neither restores
    /// nor brings back anybody.
    fn join(&mut self, row: &mut Row) {
        let Some(stated) = &row.membership else {
            return;
        };
        match &mut self.organisation.membership {
            Some(known) if known.state == MembershipState::Admitted => {
                if known.kind != Some(stated.kind) {
                    row.remarks.push(differs("membership", "Loại thành viên", "The kind of membership"));
                }
                if known.decision_number.is_empty() {
                    known.decision_number.clone_from(&stated.decision_number);
                }
                known.admit_date = known.admit_date.or(stated.admit_date);
            }
            Some(known) if known.state != MembershipState::Applicant => row.remarks.push(Remark::new(
                "membership",
                "Đơn vị đã tạm dừng hoặc đã rút; danh sách không khôi phục tư cách thành viên.",
                "The organisation is suspended or has left; a roster does not restore its membership.",
            )),
            Some(_) | None => {
                self.organisation.membership = Some(admitted(stated));
                self.admitted = true;
            }
        }
    }
}

fn renamed(from: &str) -> Remark {
    Remark::new(
        "display_name",
        format!("Đã đổi tên từ \"{from}\"."),
        format!("The name was changed from \"{from}\"."),
    )
}

fn admitted(stated: &RowMembership) -> Membership {
    Membership {
        kind: Some(stated.kind),
        state: MembershipState::Admitted,
        decision_number: stated.decision_number.clone(),
        admit_date: stated.admit_date,
        batch: String::new(),
    }
}

fn missing(row: &Row) -> Vec<Remark> {
    let required = |field| Remark::from(kit::error::Violation::required(field));
    let mut remarks = Vec::new();
    if row.kind.is_none() {
        remarks.push(required("kind"));
    }
    if row.display_name.is_none() {
        remarks.push(required("display_name"));
    }
    remarks
}

fn does_not_join() -> Remark {
    Remark::new(
        "membership",
        "Loại đơn vị này không thuộc diện kết nạp thành viên.",
        "Bodies of this kind do not become members.",
    )
}

fn other_code(known: &Details) -> Remark {
    let code = known.roster_code.as_deref().unwrap_or("-");
    Remark::new(
        "roster_code",
        format!("Mã số này đã có với mã danh sách {code}; đã ghi vào đơn vị đó và giữ mã {code}."),
        format!(
            "This tax code is known under the roster code {code}; entered there, and {code} stays."
        ),
    )
}

fn differs(field: &str, vi: &str, en: &str) -> Remark {
    Remark::new(
        field,
        format!("{vi} khác với nội dung đã ghi; giữ nội dung đã ghi."),
        format!("{en} differs from what is known; what is known stays."),
    )
}
