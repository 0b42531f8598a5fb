//! Who is invited and how it can be reached.

use lienminh_proto::registry::v1::RosterRow;

/// A member of the alliance with one contact, its director.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    code: &'static str,
    name: &'static str,
    email: &'static str,
    phone: &'static str,
}

impl Member {
    /// A member nobody can reach.
    pub(crate) const fn new(code: &'static str, name: &'static str) -> Self {
        Self {
            code,
            name,
            email: "",
            phone: "",
        }
    }

    /// With a mailbox.
    pub(crate) const fn email(mut self, email: &'static str) -> Self {
        self.email = email;
        self
    }

    /// With a telephone, mobile or not.
    pub(crate) const fn phone(mut self, phone: &'static str) -> Self {
        self.phone = phone;
        self
    }

    /// Its line in a roster.
    pub(crate) fn row(&self, line: i32) -> RosterRow {
        RosterRow {
            line,
            roster_code: self.code.to_owned(),
            kind: "HTX".to_owned(),
            display_name: format!("Hợp tác xã Nông nghiệp {}", self.name),
            address: "Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông".to_owned(),
            locality: "Đắk Nia".to_owned(),
            province_code: "67".to_owned(),
            cluster: "Gia Nghĩa".to_owned(),
            membership: "chính thức".to_owned(),
            decision_number: "71/QĐ-LMHTX".to_owned(),
            admit_date: "2/7/2019".to_owned(),
            position: "Giám đốc".to_owned(),
            person_name: "Lê Thanh Khánh".to_owned(),
            email: self.email.to_owned(),
            phone: self.phone.to_owned(),
            ..Default::default()
        }
    }
}

/// Reads mail and has a mobile.
pub(crate) const AN_BINH: Member = Member::new("M1", "An Bình")
    .email("anbinh@example.com")
    .phone("0590000001");

/// Has a mobile only.
pub(crate) const BINH_MINH: Member = Member::new("M2", "Bình Minh").phone("0590000002");

/// Has a landline only.
pub(crate) const CAO_NGUYEN: Member = Member::new("M3", "Cao Nguyên").phone("02613000003");

/// Reads mail only.
pub(crate) const DONG_TAM: Member = Member::new("M4", "Đồng Tâm").email("dongtam@example.com");
