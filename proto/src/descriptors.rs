//! The descriptors of every contract, with their custom options.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, FieldDescriptor};

static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    #[allow(clippy::expect_used)]
    DescriptorPool::decode(crate::DESCRIPTORS)
        .expect("the descriptors are built into this binary by the compiler that checked them")
});

/// The pool, decoded at first use.
#[must_use]
pub fn pool() -> &'static DescriptorPool {
    &POOL
}

/// Whether the contract gives a field this mark: an option that is true.
#[must_use]
pub fn is_marked(field: &FieldDescriptor, mark: &str) -> bool {
    pool()
        .get_extension_by_name(mark)
        .is_some_and(|mark| field.options().get_extension(&mark).as_bool() == Some(true))
}
