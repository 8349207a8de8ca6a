//! How an [`Id`] travels to and from both engines: as its sixteen bytes.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::id::Id;

impl<K, DB: Database> Type<DB> for Id<K>
where
    Vec<u8>: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <Vec<u8> as Type<DB>>::type_info()
    }
    fn compatible(ty: &DB::TypeInfo) -> bool {
        <Vec<u8> as Type<DB>>::compatible(ty)
    }
}

impl<'q, K, DB: Database> Encode<'q, DB> for Id<K>
where
    Vec<u8>: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buf: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.bytes().to_vec().encode_by_ref(buf)
    }
}

impl<'r, K, DB: Database> Decode<'r, DB> for Id<K>
where
    &'r [u8]: Decode<'r, DB>,
{
    fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let bytes: [u8; 16] = <&[u8]>::decode(value)?.try_into().map_err(|_| "an id is not 16 bytes")?;
        Ok(Self::from_bytes(bytes))
    }
}
