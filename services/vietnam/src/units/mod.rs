//! Administrative units: provinces with what became of them, communes from a dataset given at run
//! time, and finding either by the names that people write.
//!
//! Since 1 July 2025 there are two tiers, 34 provinces and their communes (Law on the Organisation
//! of Local Government 72/2025/QH15; codes by Decision 19/2025/QĐ-TTg). Districts are history.
//! Seven province codes mean another province since then, so a bare code needs a date.

mod dataset;
mod kind;
mod lookup;

pub use dataset::UnitsError;
pub use kind::{Tier, UnitKind};

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::civil::Date;

use lookup::Names;

/// The provinces known when this version of the library was made.
const PROVINCES: &str = include_str!("../../data/provinces.csv");

/// The districts on the last day of their tier.
const DISTRICTS: &str = include_str!("../../data/districts.csv");

/// The day on which 63 provinces became 34 and districts ceased to be.
pub const REORGANISED: Date = Date::constant(2025, 7, 1);

/// A unit under one name, from the day it had it to the day it lost it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Two digits for a province, five for a commune, three for a former district.
    pub code: String,
    /// With its type: `Tỉnh Đắk Nông`.
    pub full_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The code of the province it belongs to; its own for a province.
    pub province: String,
    /// Its first day; none where the data do not reach back to it.
    pub valid_from: Option<Date>,
    /// Its last day; none while it exists.
    pub valid_to: Option<Date>,
    /// The codes of the units it became part of; several where it was divided.
    pub successors: Vec<String>,
}

/// Units that can be looked up.
#[derive(Debug, Clone)]
pub struct Units {
    units: Vec<Unit>,
    by_code: HashMap<(Tier, String), Vec<usize>>,
    names: Names,
}

impl Unit {
    /// The name without its type: `Đắk Nông`.
    ///
    /// ```
    /// let units = vietnam::units::Units::provinces();
    /// assert_eq!(units.province("67", jiff::civil::date(2024, 1, 1)).unwrap().name(), "Đắk Nông");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.kind.without_type(&self.full_name)
    }

    /// Whether it existed on a day.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let units = vietnam::units::Units::provinces();
    /// let dak_nong = units.province("67", date(2025, 6, 30)).unwrap();
    /// assert!(!dak_nong.existed_on(date(2025, 7, 1)));
    /// ```
    #[must_use]
    pub fn existed_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Whether it still exists.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let units = vietnam::units::Units::provinces();
    /// assert!(units.province("68", date(2026, 1, 1)).unwrap().is_current());
    /// ```
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.valid_to.is_none()
    }
}

impl Units {
    /// The 34 provinces of today and the ones before them.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let units = vietnam::units::Units::provinces();
    /// assert_eq!(units.existing_on(date(2025, 6, 30)).count(), 63);
    /// assert_eq!(units.existing_on(date(2025, 7, 1)).count(), 34);
    /// ```
    #[must_use]
    pub fn provinces() -> Self {
        // A test reads the embedded file.
        Self::build(dataset::parse(PROVINCES).unwrap_or_default())
    }

    /// These units and the districts that ceased to be on 1 July 2025, for reading older addresses.
    ///
    /// ```
    /// use vietnam::units::{UnitKind, Units};
    /// let units = Units::provinces().with_former_districts();
    /// let found = units.find("h. Cư Jút", None)[0];
    /// assert_eq!((found.kind, found.province.as_str()), (UnitKind::RuralDistrict, "67"));
    /// ```
    #[must_use]
    pub fn with_former_districts(&self) -> Self {
        let mut units = self.units.clone();
        // A test reads the embedded file.
        units.extend(dataset::parse(DISTRICTS).unwrap_or_default());
        Self::build(units)
    }

    /// These units and those of a dataset: lines `code,full_name,province` with, where known,
    /// `,valid_from,valid_to,successors` (codes with blanks between them). Comments start with `#`.
    ///
    /// ```
    /// use vietnam::units::Units;
    /// let units = Units::provinces().with_dataset("24211,Xã Nhân Cơ,68")?;
    /// assert_eq!(units.find("xã nhân cơ", None)[0].code, "24211");
    /// # Ok::<(), vietnam::units::UnitsError>(())
    /// ```
    ///
    /// # Errors
    /// The first line that cannot be read, by its number.
    pub fn with_dataset(&self, text: &str) -> Result<Self, UnitsError> {
        let mut units = self.units.clone();
        units.extend(dataset::parse(text)?);
        Ok(Self::build(units))
    }

    /// The province that a code meant on a day.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let units = vietnam::units::Units::provinces();
    /// assert_eq!(units.province("15", date(2024, 1, 1)).unwrap().full_name, "Tỉnh Yên Bái");
    /// assert_eq!(units.province("15", date(2026, 1, 1)).unwrap().full_name, "Tỉnh Lào Cai");
    /// ```
    #[must_use]
    pub fn province(&self, code: &str, on: Date) -> Option<&Unit> {
        self.with_code(Tier::Province, code)
            .find(|unit| unit.existed_on(on))
    }

    /// The commune that a code meant on a day.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use vietnam::units::Units;
    /// let units = Units::provinces().with_dataset("24211,Xã Nhân Cơ,68,2025-07-01,,")?;
    /// assert!(units.commune("24211", date(2026, 1, 1)).is_some());
    /// # Ok::<(), vietnam::units::UnitsError>(())
    /// ```
    #[must_use]
    pub fn commune(&self, code: &str, on: Date) -> Option<&Unit> {
        self.with_code(Tier::Commune, code)
            .find(|unit| unit.existed_on(on))
    }

    /// The units that bear or bore a code, whatever their tier: the one of a day, or else those of
    /// all times, the latest first.
    ///
    /// ```
    /// let units = vietnam::units::Units::provinces();
    /// let names: Vec<&str> = units.with_any_tier("15", None).iter().map(|unit| unit.name()).collect();
    /// assert_eq!(names, ["Lào Cai", "Yên Bái"]);
    /// ```
    #[must_use]
    pub fn with_any_tier(&self, code: &str, on: Option<Date>) -> Vec<&Unit> {
        let tiers = [Tier::Province, Tier::Commune, Tier::District];
        let mut found: Vec<&Unit> = tiers
            .into_iter()
            .flat_map(|tier| self.with_code(tier, code))
            .collect();
        if let Some(day) = on {
            found.retain(|unit| unit.existed_on(day));
        }
        found.sort_by_key(|unit| (unit.valid_to.is_some(), Reverse(unit.valid_to)));
        found
    }

    /// What exists today of a unit: itself, or what it became part of; nothing where the data do
    /// not say.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let units = vietnam::units::Units::provinces();
    /// let dak_nong = units.province("67", date(2024, 1, 1)).unwrap();
    /// assert_eq!(units.today(dak_nong)[0].full_name, "Tỉnh Lâm Đồng");
    /// ```
    #[must_use]
    pub fn today<'a>(&'a self, unit: &'a Unit) -> Vec<&'a Unit> {
        let mut current = Vec::new();
        let mut pending = vec![unit];
        // Each step goes to a unit that began later, so no chain is longer than the list.
        for _ in 0..=self.units.len() {
            let Some(next) = pending.pop() else { break };
            if next.is_current() {
                if !current.contains(&next) {
                    current.push(next);
                }
                continue;
            }
            pending.extend(self.successors(next));
        }
        current
    }

    /// The units that directly followed a unit.
    ///
    /// ```
    /// use jiff::civil::date;
    /// let units = vietnam::units::Units::provinces();
    /// let hue = units.province("46", date(2024, 12, 31)).unwrap();
    /// assert_eq!(units.successors(hue).next().unwrap().full_name, "Thành phố Huế");
    /// ```
    pub fn successors<'a>(&'a self, unit: &'a Unit) -> impl Iterator<Item = &'a Unit> {
        let next_day = unit.valid_to.and_then(|last| last.tomorrow().ok());
        let tier = unit.kind.tier();
        unit.successors.iter().filter_map(move |code| {
            self.with_code(tier, code)
                .find(|unit| next_day.is_some_and(|day| unit.existed_on(day)))
        })
    }

    /// All units that existed on a day.
    ///
    /// ```
    /// let units = vietnam::units::Units::provinces();
    /// assert!(units.existing_on(jiff::civil::date(2026, 5, 1)).any(|unit| unit.full_name == "Thành phố Đồng Nai"));
    /// ```
    pub fn existing_on(&self, day: Date) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.existed_on(day))
    }

    /// The province codes that mean another province since 1 July 2025, with the two.
    ///
    /// ```
    /// let units = vietnam::units::Units::provinces();
    /// assert_eq!(units.changed_codes().len(), 7);
    /// ```
    #[must_use]
    pub fn changed_codes(&self) -> Vec<(&Unit, &Unit)> {
        let before = REORGANISED.yesterday().unwrap_or(REORGANISED);
        let mut changed: Vec<(&Unit, &Unit)> = self
            .existing_on(before)
            .filter(|unit| unit.kind.tier() == Tier::Province)
            .filter_map(|old| Some((old, self.province(&old.code, REORGANISED)?)))
            .filter(|(old, new)| old.name() != new.name())
            .collect();
        changed.sort_by(|(one, _), (other, _)| one.code.cmp(&other.code));
        changed
    }

    /// Finds units by a name as people write it: in any case, with or without diacritics, blanks
    /// and type, abbreviated (`TT Huế`, `tp hải phòng`, `BR-VT`, `HCM`), or in part. The best
    /// matches come alone; of equal ones, those that exist (today, or on the day) come first.
    ///
    /// ```
    /// use vietnam::units::Units;
    /// let units = Units::provinces();
    /// for (written, meant) in [
    ///     ("TT Huế", "Tỉnh Thừa Thiên Huế"),
    ///     ("tp hải phòng", "Thành phố Hải Phòng"),
    ///     ("Đăk Nông", "Tỉnh Đắk Nông"),
    ///     ("vũng tàu", "Tỉnh Bà Rịa - Vũng Tàu"),
    /// ] {
    ///     assert_eq!(units.find(written, None)[0].full_name, meant);
    /// }
    /// ```
    #[must_use]
    pub fn find(&self, name: &str, on: Option<Date>) -> Vec<&Unit> {
        let mut found: Vec<&Unit> = self
            .names
            .find(name)
            .into_iter()
            .filter_map(|at| self.units.get(at))
            .collect();
        if on.is_some_and(|day| found.iter().any(|unit| unit.existed_on(day))) {
            found.retain(|unit| on.is_some_and(|day| unit.existed_on(day)));
        }
        found.sort_by_key(|unit| {
            (
                unit.kind.tier(),
                unit.valid_to.is_some(),
                Reverse(unit.valid_to),
            )
        });
        found
    }

    fn with_code(&self, tier: Tier, code: &str) -> impl Iterator<Item = &Unit> {
        let places = self.by_code.get(&(tier, code.to_owned()));
        places
            .into_iter()
            .flatten()
            .filter_map(|at| self.units.get(*at))
    }

    fn build(units: Vec<Unit>) -> Self {
        let mut by_code: HashMap<(Tier, String), Vec<usize>> = HashMap::new();
        for (at, unit) in units.iter().enumerate() {
            by_code
                .entry((unit.kind.tier(), unit.code.clone()))
                .or_default()
                .push(at);
        }
        let names = Names::of(&units);
        Self {
            units,
            by_code,
            names,
        }
    }
}

/// Whether a number was the code of one of the 63 provinces, as personal numbers begin with it.
pub(crate) fn was_province_before_2025(code: u8) -> bool {
    const CODES: [u8; 63] = [
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36,
        37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74,
        75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96,
    ];
    CODES.binary_search(&code).is_ok()
}

#[cfg(test)]
mod tests;
