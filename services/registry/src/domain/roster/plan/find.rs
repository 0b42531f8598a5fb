//! Which organisation a row speaks of.

use super::Desk;
use crate::domain::organisation::Status;
use crate::domain::roster::{Remark, Row};
use crate::domain::search;

/// How a row found its organisation.
pub(super) enum Match {
    /// By its own code, or by a tax code under which no other code is known.
    Same(usize),
    /// By its tax code, from a roster with another code.
    OtherRoster(usize),
    New,
}

impl Match {
    /// The organisation, where it is known.
    pub(super) const fn entry(&self) -> Option<usize> {
        match self {
            Self::Same(entry) | Self::OtherRoster(entry) => Some(*entry),
            Self::New => None,
        }
    }
}

impl Desk<'_> {
    pub(super) fn check_parent(&self, row: &Row) -> Result<(), Remark> {
        let Some(parent) = &row.parent_code else {
            return Ok(());
        };
        if row.roster_code.as_ref() == Some(parent) {
            return Err(Remark::new(
                "parent_code",
                "Đơn vị không thể là cấp trên của chính mình.",
                "An organisation cannot be its own parent.",
            ));
        }
        if self.by_code.contains_key(parent) || self.codes_ahead.contains(parent) {
            return Ok(());
        }
        Err(Remark::new(
            "parent_code",
            format!("Chưa có đơn vị nào mang mã {parent}."),
            format!("No organisation has the code {parent}."),
        ))
    }

    pub(super) fn find(&self, row: &Row) -> Result<Match, Remark> {
        let by_code = row
            .roster_code
            .as_ref()
            .and_then(|code| self.by_code.get(code))
            .copied();
        let by_tax_code = row
            .tax_code
            .as_ref()
            .and_then(|code| self.by_tax_code.get(&code.to_string()))
            .copied();
        let found = match (by_code, by_tax_code) {
            (None, None) => return Ok(Match::New),
            (Some(one), Some(other)) if one != other => return Err(self.tax_code_of_another(other)),
            (Some(entry), _) => self.same_tax_code(row, entry)?,
            (None, Some(entry)) => self.by_tax_code_only(row, entry)?,
        };
        if let Some(entry) = found.entry()
            && self.entries[entry].organisation.details.status == Status::Merged
        {
            return Err(Remark::new(
                "roster_code",
                "Đơn vị đã sáp nhập; xin ghi theo đơn vị kế thừa.",
                "The organisation was merged; name its successor instead.",
            ));
        }
        Ok(found)
    }

    /// A code of the law never changes, so another one means another body.
    fn same_tax_code(&self, row: &Row, entry: usize) -> Result<Match, Remark> {
        match (
            &row.tax_code,
            &self.entries[entry].organisation.details.tax_code,
        ) {
            (Some(told), Some(known)) if told != known => Err(Remark::new(
                "tax_code",
                format!("Mã số khác với mã số {known} đã ghi cho đơn vị mang mã danh sách này."),
                format!(
                    "The tax code differs from {known}, known for the organisation with this roster code."
                ),
            )),
            _ => Ok(Match::Same(entry)),
        }
    }

    fn by_tax_code_only(&self, row: &Row, entry: usize) -> Result<Match, Remark> {
        let known = &self.entries[entry].organisation.details;
        if row.roster_code.is_none() || known.roster_code.is_none() {
            return Ok(Match::Same(entry));
        }
        let agrees = row.display_name.as_ref().is_none_or(|name| {
            search::folded_name(name) == search::folded_name(&known.display_name)
        });
        if agrees {
            Ok(Match::OtherRoster(entry))
        } else {
            Err(self.tax_code_of_another(entry))
        }
    }

    fn tax_code_of_another(&self, entry: usize) -> Remark {
        let known = &self.entries[entry].organisation.details;
        let code = known.roster_code.as_deref().unwrap_or("-");
        Remark::new(
            "tax_code",
            format!(
                "Mã số này đã thuộc {} (mã danh sách {code}).",
                known.display_name
            ),
            format!(
                "This tax code belongs to {} (roster code {code}).",
                known.display_name
            ),
        )
    }
}
