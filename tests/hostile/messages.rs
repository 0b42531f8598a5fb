//! Messages that are too large, too deep or too many (S8).

use std::collections::HashSet;

use bytes::Bytes;
use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};
use tonic::codec::CompressionEncoding;
use tonic::transport::Endpoint;
use tonic::{Code, Request, Status};

use crate::ground::{Ground, VICTIM};
use crate::raw::Raw;

/// Largest request (ARCHITECTURE: one MiB).
const LIMIT: usize = 1024 * 1024;

/// Memory that a wrong message may cost, in MiB: nothing is made of its million bytes, but the
/// allocator keeps what it had to find for them.
const MEMORY: u64 = 10;

async fn send(ground: &Ground, rpc: &str, body: Vec<u8>, packed: bool) -> Result<Bytes, Status> {
    let channel = Endpoint::from_shared(ground.stage.suite().url(VICTIM)).unwrap();
    let mut client = tonic::client::Grpc::new(channel.connect_lazy());
    if packed {
        client = client.send_compressed(CompressionEncoding::Gzip);
    }
    client.ready().await.unwrap();
    let mut request = Request::new(Bytes::from(body));
    let bearer = format!("Bearer {}", ground.token).parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    let path = format!("/lienminh.events.v1.{rpc}").parse().unwrap();
    let answer = client.unary(request, path, Raw).await?;
    Ok(answer.into_inner())
}

/// Elements without content of the repeated field with this number.
fn elements(field: u8, count: usize) -> Vec<u8> {
    [field << 3 | 2, 0].repeat(count)
}

/// Wrong values of the repeated enum with this number.
fn packed_list(field: u8, count: usize) -> Vec<u8> {
    let mut message = vec![field << 3 | 2];
    prost::encoding::encode_varint(count.try_into().unwrap(), &mut message);
    message.resize(message.len() + count, 99);
    message
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_too_large_too_deep_and_too_many_are_refused_at_little_cost() {
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    let invite = "EventService/BatchInvite";
    let wrongs = [
        (
            "a byte over the limit",
            invite,
            vec![0; LIMIT + 1],
            false,
            Code::ResourceExhausted,
        ),
        (
            "a bomb of 1000:1",
            invite,
            vec![0; 32 * LIMIT],
            true,
            Code::ResourceExhausted,
        ),
        (
            "a million organisations",
            invite,
            elements(2, 1_000_000),
            false,
            Code::ResourceExhausted,
        ),
        (
            "all that fit",
            invite,
            elements(2, LIMIT / 2),
            false,
            Code::InvalidArgument,
        ),
        (
            "a million values that are none",
            "EventService/ListEvents",
            packed_list(3, LIMIT - 8),
            true,
            Code::InvalidArgument,
        ),
        (
            "half a million values that are none, one by one",
            "DeadlineService/ListSubmissions",
            [4 << 3, 99].repeat(LIMIT / 2),
            true,
            Code::InvalidArgument,
        ),
        (
            "a message that comes in a hundred thousand pieces",
            "EventService/CreateEvent",
            [1 << 3 | 2, 2, 12 << 3 | 2, 0].repeat(LIMIT / 4),
            true,
            Code::InvalidArgument,
        ),
        (
            "groups in groups",
            invite,
            vec![15 << 3 | 3; LIMIT],
            false,
            Code::InvalidArgument,
        ),
        (
            "groups that never began",
            invite,
            vec![15 << 3 | 4; 64],
            false,
            Code::InvalidArgument,
        ),
    ];
    for (what, rpc, body, packed, expected) in wrongs {
        // What the first message of its kind makes the allocator keep is no growth.
        let answer = send(&ground, rpc, body.clone(), packed).await;
        assert_eq!(answer.unwrap_err().code(), expected, "{what}");
        let before = ground.memory().await;
        for _ in 0..2 {
            let answer = send(&ground, rpc, body.clone(), packed).await;
            assert_eq!(answer.unwrap_err().code(), expected, "{what}");
        }
        let grown = ground.memory().await.saturating_sub(before);
        println!("{what}: {grown} MiB");
        assert!(grown <= MEMORY, "{what}: {grown} MiB");
    }
    neighbour.was_served("wrong messages").await;
}

/// Nothing of ours can be nested without end, and no number is a fraction: the depth of a
/// message is bounded by its type, and there is no NaN.
#[test]
fn no_message_contains_itself_and_no_field_is_a_fraction() {
    let pool = DescriptorPool::decode(lienminh_proto::DESCRIPTORS).unwrap();
    let requests = pool.services().flat_map(|service| {
        let methods: Vec<_> = service.methods().collect();
        methods.into_iter().map(|method| method.input())
    });
    let mut depths = Vec::new();
    for request in requests {
        depths.push(depth(&request, &mut HashSet::new()));
    }
    assert!(depths.len() > 60);
    assert!(depths.iter().all(|depth| *depth < 10), "{depths:?}");
}

fn depth(message: &MessageDescriptor, above: &mut HashSet<String>) -> usize {
    let name = message.full_name().to_owned();
    assert!(above.insert(name.clone()), "{name} contains itself");
    let mut deepest = 0;
    for field in message.fields() {
        let kind = field.kind();
        assert!(
            !matches!(kind, Kind::Double | Kind::Float),
            "{}",
            field.full_name()
        );
        if let Kind::Message(inner) = kind {
            deepest = deepest.max(depth(&inner, above));
        }
    }
    above.remove(&name);
    deepest + 1
}
