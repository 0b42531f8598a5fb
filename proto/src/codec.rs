//! How messages are read: protobuf, and requests only with texts that fit.

use std::marker::PhantomData;
use std::sync::Arc;

use prost::bytes::Buf as _;
use prost::{Message, Name};
use tonic::Status;
use tonic::codec::{BufferSettings, DecodeBuf, Decoder};
use tonic_prost::{ProstCodec, ProstDecoder, ProstEncoder};

use crate::texts::{Misfit, misfits};

/// Why a request was not decoded: the source of the status that says so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("texts of the request hold signs that are not allowed")]
pub struct UnfitTexts(pub Vec<Misfit>);

/// The codec of every service and client.
#[derive(Clone, Debug)]
pub struct Codec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Codec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> tonic::codec::Codec for Codec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Name + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = ProstEncoder<T>;
    type Decoder = Reader<U>;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<T, U>::raw_encoder(BufferSettings::default())
    }

    fn decoder(&mut self) -> Self::Decoder {
        Reader(ProstCodec::<T, U>::raw_decoder(BufferSettings::default()))
    }
}

/// Judges the texts of a request, then decodes it.
#[derive(Clone, Debug)]
pub struct Reader<U>(ProstDecoder<U>);

impl<U: Message + Name + Default> Decoder for Reader<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        // One message lies in one piece; a part of it would be judged for the whole.
        if buffer.chunk().len() < buffer.remaining() {
            return Err(Status::internal("a message lies in pieces"));
        }
        let found = misfits(&U::full_name(), buffer.chunk());
        if found.is_empty() {
            return self.0.decode(buffer);
        }
        let why = UnfitTexts(found);
        let mut status = Status::invalid_argument(why.to_string());
        status.set_source(Arc::new(why));
        Err(status)
    }

    fn buffer_settings(&self) -> BufferSettings {
        self.0.buffer_settings()
    }
}
