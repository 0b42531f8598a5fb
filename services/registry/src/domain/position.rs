//! Positions that people hold in an organisation.

use super::organisation::Kind;

coded!(
    /// An office in an organisation, in the order in which contacts are listed.
    Position {
        /// Chair of the board (Chủ tịch HĐQT).
        Chair => "chair",
        /// Director (Giám đốc).
        Director => "director",
        /// Accountant (Kế toán).
        Accountant => "accountant",
        /// Head of the supervisory board, or supervisor (Trưởng ban kiểm soát, Kiểm soát viên).
        Supervisor => "supervisor",
        /// The office itself: its general mailbox and telephone (Văn phòng).
        Office => "office",
        /// Head of a unit of the alliance (Trưởng ban, Trưởng phòng).
        Head => "head",
        /// Officer in charge (Cán bộ phụ trách).
        Officer => "officer",
    }
);

impl Position {
    /// Whether one person at a time holds it in a body of this kind: whoever comes next
    /// takes it over.
    #[must_use]
    pub fn has_one_holder(self, kind: Kind) -> bool {
        match self {
            Self::Chair | Self::Director => true,
            // A unit has one head; other bodies have one for each of their parts.
            Self::Head => kind == Kind::Unit,
            Self::Accountant | Self::Supervisor | Self::Office | Self::Officer => false,
        }
    }

    /// The position that a roster names, in any spelling; `None` for one that
    /// is not kept (deputies, staff).
    #[must_use]
    pub fn of_title(title: &str) -> Option<Self> {
        let folded = vietnam::text::fold(title);
        let words = folded
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        match words.as_str() {
            "chu tich"
            | "chu tich hdqt"
            | "ct hdqt"
            | "chu tich hoi dong quan tri"
            | "to truong" => Some(Self::Chair),
            "giam doc"
            | "gd"
            | "tong giam doc"
            | "tgd"
            | "chu tich hdqt kiem giam doc"
            | "chu tich kiem giam doc"
            | "giam doc htx" => Some(Self::Director),
            "ke toan" | "ke toan truong" | "ktt" | "phu trach ke toan" => Some(Self::Accountant),
            "kiem soat"
            | "kiem soat vien"
            | "ksv"
            | "ban kiem soat"
            | "bks"
            | "truong bks"
            | "truong ban kiem soat" => Some(Self::Supervisor),
            "van phong" | "vp" | "van thu" | "dau moi chung" => Some(Self::Office),
            "truong ban" | "truong phong" | "chanh van phong" | "giam doc trung tam"
            | "truong don vi" => Some(Self::Head),
            "can bo" | "can bo phu trach" | "chuyen vien" | "chuyen vien phu trach" => {
                Some(Self::Officer)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_known_in_every_spelling() {
        for (title, position) in [
            ("Giám đốc", Position::Director),
            ("GIÁM ĐỐC ", Position::Director),
            ("Chủ tịch HĐQT", Position::Chair),
            ("Chu\u{309} ti\u{323}ch - HĐQT", Position::Chair),
            ("kế toán trưởng", Position::Accountant),
            ("Trưởng ban kiểm soát", Position::Supervisor),
            ("Văn phòng", Position::Office),
            ("Trưởng phòng", Position::Head),
            ("Cán bộ phụ trách", Position::Officer),
        ] {
            assert_eq!(Position::of_title(title), Some(position), "{title}");
        }
    }

    #[test]
    fn a_deputy_is_not_taken_for_the_director() {
        assert_eq!(Position::of_title("Phó Giám đốc"), None);
    }

    #[test]
    fn codes_read_back() {
        for position in Position::ALL {
            assert_eq!(Position::of_code(position.code()), Some(*position));
        }
    }
}
