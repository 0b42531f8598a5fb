use std::fmt;

/// The level of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Provinces and centrally run cities.
    Province,
    /// Communes, wards, special zones, and the townships of old.
    Commune,
    /// Districts, until 30 June 2025.
    District,
}

/// The type of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// Tỉnh.
    Province,
    /// Thành phố (trực thuộc trung ương).
    City,
    /// Xã.
    Commune,
    /// Phường.
    Ward,
    /// Đặc khu, since 2025.
    SpecialZone,
    /// Thị trấn, until 2025.
    Township,
    /// Huyện, until 2025.
    RuralDistrict,
    /// Quận, until 2025.
    UrbanDistrict,
    /// Thị xã, until 2025.
    Town,
    /// Thành phố thuộc tỉnh, until 2025.
    ProvincialCity,
}

impl UnitKind {
    /// Its level.
    ///
    /// ```
    /// use vietnam::units::{Tier, UnitKind};
    /// assert_eq!(UnitKind::SpecialZone.tier(), Tier::Commune);
    /// ```
    #[must_use]
    pub const fn tier(self) -> Tier {
        match self {
            Self::Province | Self::City => Tier::Province,
            Self::Commune | Self::Ward | Self::SpecialZone | Self::Township => Tier::Commune,
            Self::RuralDistrict | Self::UrbanDistrict | Self::Town | Self::ProvincialCity => {
                Tier::District
            }
        }
    }

    /// Its name in Vietnamese, in small letters.
    ///
    /// ```
    /// assert_eq!(vietnam::units::UnitKind::Ward.word(), "phường");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Province => "tỉnh",
            Self::City | Self::ProvincialCity => "thành phố",
            Self::Commune => "xã",
            Self::Ward => "phường",
            Self::SpecialZone => "đặc khu",
            Self::Township => "thị trấn",
            Self::RuralDistrict => "huyện",
            Self::UrbanDistrict => "quận",
            Self::Town => "thị xã",
        }
    }

    /// The type that a full name begins with; the length of the code tells the two kinds of
    /// cities apart.
    pub(super) fn of(full_name: &str, code: &str) -> Option<Self> {
        const KINDS: [UnitKind; 9] = [
            UnitKind::Province,
            UnitKind::City,
            UnitKind::Commune,
            UnitKind::Ward,
            UnitKind::SpecialZone,
            UnitKind::Township,
            UnitKind::RuralDistrict,
            UnitKind::UrbanDistrict,
            UnitKind::Town,
        ];
        let lower = full_name.to_lowercase();
        let kind = KINDS.into_iter().find(|kind| {
            lower
                .strip_prefix(kind.word())
                .is_some_and(|name| name.starts_with(' '))
        })?;
        Some(if kind == Self::City && code.len() == 3 {
            Self::ProvincialCity
        } else {
            kind
        })
    }

    /// A full name without the words of this type.
    pub(super) fn without_type(self, full_name: &str) -> &str {
        let words = self.word().split(' ').count();
        let mut rest = full_name;
        for _ in 0..words {
            rest = rest.split_once(' ').map_or(rest, |(_, after)| after);
        }
        rest
    }
}

impl fmt::Display for UnitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
