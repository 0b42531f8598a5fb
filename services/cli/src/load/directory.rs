//! Roster codes to resource names, and what selections choose from.

use std::collections::{BTreeMap, BTreeSet};

use lienminh_proto::registry::v1::{ListOrganisationsRequest, MembershipState, Organisation};

use crate::connect::Clients;
use crate::files::plan::Selection;

/// Every organisation of the registry, by roster code.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    by_code: BTreeMap<String, Organisation>,
}

impl Directory {
    /// Reads the whole registry, page by page.
    ///
    /// # Errors
    /// A call is refused.
    pub async fn read(clients: &Clients) -> Result<Self, tonic::Status> {
        let mut directory = Self::default();
        let mut page_token = String::new();
        loop {
            let request = ListOrganisationsRequest {
                page_size: 200,
                page_token,
                ..Default::default()
            };
            let page = clients
                .organisations()
                .list_organisations(request)
                .await?
                .into_inner();
            for organisation in page.organisations {
                let code = if organisation.roster_code.is_empty() {
                    organisation.name.clone()
                } else {
                    organisation.roster_code.clone()
                };
                directory.by_code.insert(code, organisation);
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(directory);
            }
        }
    }

    /// The organisation with this roster code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Organisation> {
        self.by_code.get(code)
    }

    /// The resource name behind a roster code.
    #[must_use]
    pub fn name(&self, code: &str) -> Option<String> {
        self.get(code).map(|organisation| organisation.name.clone())
    }

    /// Every organisation.
    pub fn iter(&self) -> impl Iterator<Item = &Organisation> {
        self.by_code.values()
    }

    /// Resource names that a selection chooses, each once.
    ///
    /// # Errors
    /// Codes that nobody has.
    pub fn select(&self, selection: &Selection) -> Result<Vec<String>, Vec<String>> {
        let mut names: BTreeSet<String> = self
            .iter()
            .filter(|organisation| {
                (selection.members && is_member(organisation))
                    || (selection.clusters.contains(&organisation.cluster)
                        && !organisation.cluster.is_empty())
            })
            .map(|organisation| organisation.name.clone())
            .collect();
        let mut unknown = Vec::new();
        for code in &selection.organisations {
            match self.name(code) {
                Some(name) => {
                    names.insert(name);
                }
                None => unknown.push(code.clone()),
            }
        }
        if unknown.is_empty() {
            Ok(names.into_iter().collect())
        } else {
            Err(unknown)
        }
    }
}

fn is_member(organisation: &Organisation) -> bool {
    organisation
        .membership
        .as_ref()
        .is_some_and(|membership| membership.state() == MembershipState::Admitted)
}
