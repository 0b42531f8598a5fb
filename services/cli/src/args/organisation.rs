//! `lienminh organisation` and `lienminh contact`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::civil::Date;
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::OrganisationKind;

use super::value;

#[derive(Subcommand, Debug)]
pub enum Organisation {
    /// Enter an organisation
    Add(AddOrganisation),
    /// Show an organisation with the people to reach in it
    Show {
        /// Roster code, name or resource name
        organisation: String,
    },
    /// Admit an organisation as a member
    Admit(Admit),
    /// Import a roster (CSV)
    Import {
        /// The file
        file: PathBuf,
        /// Write the good rows although others are bad or wait for a person
        #[arg(long)]
        good_rows: bool,
        /// Say yes to what a row waits for, as the import before showed it; may be repeated
        #[arg(long, value_name = "CONFIRMATION")]
        confirm: Vec<String>,
        /// Check only, write nothing
        #[arg(long)]
        check: bool,
    },
    /// Find organisations, with or without diacritics
    Search {
        /// What to look for
        query: Vec<String>,
    },
}

#[derive(Args, Debug)]
pub struct AddOrganisation {
    /// Full name
    pub display_name: String,
    /// Kind: HTX, THT, LHHTX, QTDND, DN, LM, Ban, CQ or Khác
    #[arg(long, value_parser = value::kind)]
    pub kind: OrganisationKind,
    /// Roster code, by which it is named from now on
    #[arg(long, default_value = "")]
    pub code: String,
    /// Tax code
    #[arg(long, default_value = "")]
    pub tax_code: String,
    /// Address as printed
    #[arg(long, default_value = "")]
    pub address: String,
    /// Commune or ward as printed
    #[arg(long, default_value = "")]
    pub locality: String,
    /// Code of the province, two digits
    #[arg(long, default_value = "")]
    pub province: String,
    /// Member cluster
    #[arg(long, default_value = "")]
    pub cluster: String,
    /// Organisation it is a part of: a unit's alliance
    #[arg(long)]
    pub parent: Option<String>,
}

#[derive(Args, Debug)]
pub struct Admit {
    /// Roster code, name or resource name
    pub organisation: String,
    /// Number of the decision: 15/QĐ-LMHTX
    #[arg(long)]
    pub decision: String,
    /// Day on which it was signed: 15/3/2024
    #[arg(long, value_parser = value::past_day)]
    pub date: Date,
    /// As an affiliate rather than an official member
    #[arg(long)]
    pub affiliate: bool,
    /// Admission batch: 1/2024
    #[arg(long, default_value = "")]
    pub batch: String,
}

#[derive(Subcommand, Debug)]
pub enum Contact {
    /// Enter a person to reach in an organisation, or its office
    Add(AddContact),
    /// Record that a person no longer holds the position
    End {
        /// Roster code, name or resource name of the organisation
        organisation: String,
        /// Name of the person, or resource name of the contact
        person: String,
    },
    /// List the people to reach in an organisation
    List {
        /// Roster code, name or resource name
        organisation: String,
    },
}

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("reach").required(true).multiple(true).args(["email", "phone"])))]
pub struct AddContact {
    /// Roster code, name or resource name of the organisation
    pub organisation: String,
    /// Position: Giám đốc, Chủ tịch HĐQT, Kế toán, Kiểm soát, Văn phòng, Trưởng phòng or Cán bộ
    #[arg(long, value_parser = value::position)]
    pub position: Position,
    /// Name of the person; none for an office
    #[arg(long, default_value = "")]
    pub name: String,
    /// Form of address: Ông, Bà
    #[arg(long, default_value = "")]
    pub salutation: String,
    /// Email address
    #[arg(long)]
    pub email: Option<String>,
    /// Telephone in any usual form
    #[arg(long)]
    pub phone: Option<String>,
    /// Several people share the telephone
    #[arg(long)]
    pub shared_phone: bool,
}
