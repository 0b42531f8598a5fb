//! The descriptors of every contract, with their custom options.

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

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
