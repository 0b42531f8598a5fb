#![allow(clippy::unwrap_used)]
use prost_types::field_descriptor_proto::Type;
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, MessageOptions};

use super::*;

// A resource that every build has: a message with text, a nested message, a list.
const TYPE: &str = "google.protobuf.DescriptorProto";
const UPDATABLE: [&str; 3] = ["name", "options", "field"];

fn mask(paths: &[&str]) -> FieldMask {
    FieldMask {
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
    }
}

fn read(paths: &[&str], resource: &DescriptorProto) -> Result<Mask> {
    Mask::read(TYPE, Some(&mask(paths)), resource, &UPDATABLE)
}

fn reasons(error: Error) -> Vec<(String, &'static str)> {
    let Error::InvalidArgument(all) = error else {
        panic!("not an invalid argument: {error:?}");
    };
    all.into_iter()
        .map(|each| (each.field, each.reason))
        .collect()
}

fn current() -> DescriptorProto {
    DescriptorProto {
        name: Some("old".to_owned()),
        options: Some(MessageOptions {
            deprecated: Some(true),
            map_entry: Some(true),
            ..MessageOptions::default()
        }),
        enum_type: vec![EnumDescriptorProto::default()],
        ..DescriptorProto::default()
    }
}

#[test]
fn case_59_no_mask_writes_what_the_request_fills() {
    let resource = DescriptorProto {
        name: Some("new".to_owned()),
        ..DescriptorProto::default()
    };
    for mask in [None, Some(&FieldMask::default())] {
        let mask = Mask::read(TYPE, mask, &resource, &UPDATABLE).unwrap();
        assert_eq!(mask.paths(), ["name"]);
        let merged = mask.apply(&current(), &resource).unwrap();
        assert_eq!(merged.name.as_deref(), Some("new"));
        assert_eq!(merged.options, current().options);
    }
}

#[test]
fn case_59_a_named_field_that_the_request_leaves_empty_is_cleared() {
    let empty = DescriptorProto::default();
    let merged = read(&["name"], &empty)
        .unwrap()
        .apply(&current(), &empty)
        .unwrap();
    assert_eq!(merged.name, None);
    assert_eq!(merged.enum_type.len(), 1);
}

#[test]
fn case_59_a_nested_path_writes_one_field_of_a_message() {
    let resource = DescriptorProto {
        options: Some(MessageOptions {
            deprecated: Some(false),
            ..MessageOptions::default()
        }),
        ..DescriptorProto::default()
    };
    let mask = read(&["options.deprecated"], &resource).unwrap();
    let merged = mask.apply(&current(), &resource).unwrap();
    let options = merged.options.unwrap();
    assert_eq!(
        (options.deprecated, options.map_entry),
        (Some(false), Some(true))
    );
    assert!(mask.has("options") && mask.has("options.deprecated") && !mask.has("name"));
}

#[test]
fn a_star_replaces_everything_that_may_be_written_and_nothing_else() {
    let resource = DescriptorProto {
        name: Some("new".to_owned()),
        ..DescriptorProto::default()
    };
    let merged = read(&["*"], &resource)
        .unwrap()
        .apply(&current(), &resource)
        .unwrap();
    assert_eq!(merged.name.as_deref(), Some("new"));
    assert_eq!(merged.options, None);
    assert_eq!(merged.enum_type.len(), 1);
}

#[test]
fn lists_are_replaced_as_a_whole_and_never_entered() {
    let resource = DescriptorProto {
        field: vec![FieldDescriptorProto {
            r#type: Some(Type::Bool.into()),
            ..Default::default()
        }],
        ..DescriptorProto::default()
    };
    let merged = read(&["field"], &resource)
        .unwrap()
        .apply(&current(), &resource)
        .unwrap();
    assert_eq!(merged.field, resource.field);
    let error = read(&["field.name"], &resource).unwrap_err();
    assert_eq!(
        reasons(error),
        [("update_mask".to_owned(), "UNKNOWN_FIELD")]
    );
}

#[test]
fn case_59_unknown_paths_and_those_of_the_server_are_all_refused_by_name() {
    let empty = DescriptorProto::default();
    let error = read(&["name", "colour", "enum_type", "options.", "*"], &empty).unwrap_err();
    let found: Vec<_> = reasons(error)
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(
        found,
        [
            "UNKNOWN_FIELD",
            "FIELD_NOT_UPDATABLE",
            "UNKNOWN_FIELD",
            "UNKNOWN_FIELD"
        ]
    );
}
