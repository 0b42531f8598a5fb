//! What a full look at the books finds that should not be.

use kit::language::Sentence;

use super::money::in_dong;

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The entries of a transfer do not sum to zero.
    Unbalanced,
    /// A transfer moves between other accounts than those of its kind.
    OtherAccounts,
    /// An account does not show the sum of its entries.
    Account,
    /// An entry does not show the balance after it.
    Entry,
    /// A programme's budget is not what was booked as budget.
    Budget,
    /// What was approved is not what was committed.
    Commitment,
    /// What an application counts as paid is not what was booked.
    Disbursement,
    /// One person holds two roles.
    OnePerson,
    /// Nobody who posted it called.
    NotAudited,
    /// Somebody called and nothing is booked.
    NotBooked,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Unbalanced,
        Self::OtherAccounts,
        Self::Account,
        Self::Entry,
        Self::Budget,
        Self::Commitment,
        Self::Disbursement,
        Self::OnePerson,
        Self::NotAudited,
        Self::NotBooked,
    ];

    /// The word that the statement has for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unbalanced => "unbalanced",
            Self::OtherAccounts => "other_accounts",
            Self::Account => "account",
            Self::Entry => "entry",
            Self::Budget => "budget",
            Self::Commitment => "commitment",
            Self::Disbursement => "disbursement",
            Self::OnePerson => "one_person",
            Self::NotAudited => "not_audited",
            Self::NotBooked => "not_booked",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.word() == word)
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What kind.
    pub fault: Fault,
    /// The programme, application or transfer it is about.
    pub resource: String,
    /// The account, or the call, where one is meant.
    pub part: String,
    /// What should be, in đồng.
    pub expected_vnd: i64,
    /// What is, in đồng.
    pub found_vnd: i64,
}

impl Difference {
    /// For people.
    #[must_use]
    pub fn in_words(&self) -> Sentence {
        let (resource, part) = (&self.resource, &self.part);
        let (vi, en) = match self.fault {
            Fault::Unbalanced => (
                format!("Các dòng của {resource} không cân đối"),
                format!("The entries of {resource} do not sum to zero"),
            ),
            Fault::OtherAccounts => (
                format!("{resource} ghi vào tài khoản không thuộc loại bút toán {part}"),
                format!("{resource} moves between accounts that are not those of a {part}"),
            ),
            Fault::Account => (
                format!("Số dư tài khoản {part} của {resource} không khớp với các dòng"),
                format!("The account {part} of {resource} does not show the sum of its entries"),
            ),
            Fault::Entry => (
                format!("{resource} có dòng {part} ghi sai số dư"),
                format!("{resource} has an entry {part} with another balance than the sum"),
            ),
            Fault::Budget => (
                format!("Ngân sách của {resource} không khớp với sổ cái"),
                format!("The budget of {resource} is not the one in the ledger"),
            ),
            Fault::Commitment => (
                format!("Số tiền đã duyệt của {resource} không khớp với số đã cam kết"),
                format!("What was approved for {resource} is not what was committed"),
            ),
            Fault::Disbursement => (
                format!("Số tiền đã giải ngân của {resource} không khớp với sổ cái"),
                format!("What {resource} counts as paid out is not what the ledger holds"),
            ),
            Fault::OnePerson => (
                format!("Một người giữ hai vai trò trong {resource}"),
                format!("One person holds two roles in {resource}"),
            ),
            Fault::NotAudited => (
                format!("Nhật ký không có lần gọi nào của người ghi {resource}"),
                format!("The audit holds no call of the person who posted {resource}"),
            ),
            Fault::NotBooked => (
                format!("Nhật ký có lần gọi {part} cho {resource} nhưng sổ cái không có bút toán"),
                format!("The audit tells of {part} for {resource}, the ledger holds no transfer"),
            ),
        };
        if self.expected_vnd == self.found_vnd {
            return Sentence::new(format!("{vi}."), format!("{en}."));
        }
        Sentence::new(
            format!(
                "{vi}: phải là {}, đang là {}.",
                in_dong(self.expected_vnd),
                in_dong(self.found_vnd)
            ),
            format!(
                "{en}: {} VND expected, {} found.",
                self.expected_vnd, self.found_vnd
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_tells_the_resource_and_both_figures() {
        for fault in Fault::ALL {
            let difference = Difference {
                fault,
                resource: "programmes/7".to_owned(),
                part: "available".to_owned(),
                expected_vnd: 500_000_000,
                found_vnd: -900_000_000,
            };
            let words = difference.in_words();
            assert!(words.vi.contains("500.000.000"), "{words:?}");
            assert!(words.vi.contains("900.000.000"), "{words:?}");
            assert!(words.en.contains("programmes/7"), "{words:?}");
            assert_eq!(Fault::parse(fault.word()), Some(fault));
        }
    }
}
