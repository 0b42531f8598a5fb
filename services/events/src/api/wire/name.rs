//! Resource names.

use kit::error::{Error, Result, Violation, Violations};
use kit::resource;

use crate::domain::id::Identity;

/// The identity in a resource name; `None` for any other text.
#[must_use]
pub(crate) fn parse<I: Identity>(name: &str) -> Option<I> {
    let id = resource::id(I::COLLECTION, name)?;
    (!id.is_nil()).then(|| I::from(id))
}

/// The identities in the name of a resource within another one.
#[must_use]
pub(crate) fn parse_nested<P: Identity, C: Identity>(name: &str) -> Option<(P, C)> {
    let (parent, child) = split(name)?;
    Some((parse(parent)?, parse(child)?))
}

/// `plans/{uuid}/items/{uuid}` at its second slash.
fn split(name: &str) -> Option<(&str, &str)> {
    let second = name.match_indices('/').nth(1)?.0;
    Some((&name[..second], &name[second + 1..]))
}

/// The identity in a field that must be there.
pub(crate) fn required<I: Identity>(
    violations: &mut Violations,
    field: &str,
    name: &str,
) -> Option<I> {
    if name.is_empty() {
        violations.push(Violation::required(field));
        return None;
    }
    let id = parse(name);
    if id.is_none() {
        violations.push(malformed::<I>(field));
    }
    id
}

/// The identity in a field that may be empty.
pub(crate) fn optional<I: Identity>(
    violations: &mut Violations,
    field: &str,
    name: &str,
) -> Option<I> {
    if name.is_empty() {
        None
    } else {
        required(violations, field, name)
    }
}

/// The identity in the only field of a request.
///
/// # Errors
/// The field is empty or not such a name.
pub(crate) fn only<I: Identity>(field: &str, name: &str) -> Result<I> {
    let mut violations = Violations::default();
    let id = required(&mut violations, field, name);
    violations.finish(id)
}

/// The identities of a nested resource in a field that may be empty.
pub(crate) fn optional_nested<P: Identity, C: Identity>(
    violations: &mut Violations,
    field: &str,
    name: &str,
) -> Option<(P, C)> {
    if name.is_empty() {
        return None;
    }
    let ids = parse_nested(name);
    if ids.is_none() {
        violations.push(malformed_nested::<P, C>(field));
    }
    ids
}

/// The identities in a list of names, without repetitions and in order.
pub(crate) fn list<I: Identity + Ord>(
    violations: &mut Violations,
    field: &str,
    names: &[String],
    limit: usize,
) -> Vec<I> {
    if names.len() > limit {
        violations.push(Violation::too_many(field, limit));
        return Vec::new();
    }
    let mut ids: Vec<I> = names
        .iter()
        .enumerate()
        .filter_map(|(place, name)| required(violations, &format!("{field}[{place}]"), name))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn malformed<I: Identity>(field: &str) -> Violation {
    resource::of_another_form(field, &format!("{}/{{uuid}}", I::COLLECTION))
}

fn malformed_nested<P: Identity, C: Identity>(field: &str) -> Violation {
    let form = format!("{}/{{uuid}}/{}/{{uuid}}", P::COLLECTION, C::COLLECTION);
    resource::of_another_form(field, &form)
}

/// The violation of a name that is neither of two forms.
pub(crate) fn malformed_name(field: &str, form: &str) -> Error {
    Error::invalid(resource::of_another_form(field, form))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::{EventId, InvitationId, OrganisationId};

    #[test]
    fn a_name_has_one_spelling() {
        let id = OrganisationId::new();
        assert_eq!(parse(&id.to_string()), Some(id));
        let shouted = format!("organisations/{}", id.0.to_string().to_uppercase());
        assert_eq!(parse::<OrganisationId>(&shouted), None);
        let simple = format!("organisations/{}", id.0.simple());
        assert_eq!(parse::<OrganisationId>(&simple), None);
        assert_eq!(parse::<OrganisationId>(&format!("events/{}", id.0)), None);
        assert_eq!(parse::<OrganisationId>("organisations/"), None);
        let nil = format!("organisations/{}", Uuid::nil());
        assert_eq!(parse::<OrganisationId>(&nil), None);
    }

    #[test]
    fn a_nested_name_leads_to_both() {
        let (event, invitation) = (EventId::new(), InvitationId::new());
        let name = format!("{event}/{invitation}");
        assert_eq!(parse_nested(&name), Some((event, invitation)));
        assert_eq!(
            parse_nested::<EventId, InvitationId>(&event.to_string()),
            None
        );
        assert_eq!(
            parse_nested::<EventId, InvitationId>(&format!("{name}/x")),
            None
        );
    }

    #[test]
    fn a_list_names_the_wrong_entry_and_drops_repetitions() {
        let id = OrganisationId::new();
        let names = [id.to_string(), "?".to_owned(), id.to_string()];
        let mut violations = Violations::default();
        let ids: Vec<OrganisationId> = list(&mut violations, "invitees", &names, 9);
        assert_eq!(ids, [id]);
        let Err(Error::InvalidArgument(found)) = violations.into_result() else {
            unreachable!("the second name is wrong")
        };
        assert_eq!(found[0].field, "invitees[1]");
    }
}
