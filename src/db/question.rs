//! Questions that a page asks together.
//!
//! SQLite is asked on a thread of its own: each query by itself costs two changes of threads, more than most queries take.
//! Questions asked together cost them once. PostgreSQL is asked one after the other.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Either, Encode, Executor as _, FromRow, PgConnection, SqliteConnection, Type};

use super::{Engine, Snapshot, list};
use crate::error::{Error, Result};
use crate::id::Id;

/// What a query is asked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number, a moment in UTC microseconds.
    Int(i64),
    /// A word, a day.
    Text(String),
    /// Whether.
    Flag(bool),
    /// Who or which.
    Id(Id<()>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl<K> From<Id<K>> for Value {
    fn from(value: Id<K>) -> Self {
        Self::Id(value.cast())
    }
}

/// One query: its text, the values of `$1` and so on, and the ids of its `{}`.
#[derive(Debug, PartialEq, Eq)]
pub struct Query {
    text: &'static str,
    values: Vec<Value>,
    ids: Option<Vec<Id<()>>>,
}

/// The rows of one query, for all who ask it.
#[derive(Clone, Debug)]
pub enum Rows {
    /// It was about nobody, so it was not asked.
    None,
    /// From SQLite.
    Sqlite(Arc<Vec<SqliteRow>>),
    /// From PostgreSQL.
    Postgres(Arc<Vec<PgRow>>),
}

/// A row that either engine gives.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send {}
impl<R> Row for R where R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send {}

impl Rows {
    fn read<R: Row>(self) -> Result<Vec<R>> {
        Ok(match self {
            Self::None => Vec::new(),
            Self::Sqlite(rows) => rows.iter().map(R::from_row).collect::<std::result::Result<_, _>>()?,
            Self::Postgres(rows) => rows.iter().map(R::from_row).collect::<std::result::Result<_, _>>()?,
        })
    }
}

/// One query and how its rows are read. It is made by a store, for what is somebody's from a proof, and answered by
/// [`Snapshot::fetch`].
#[must_use]
pub struct Question<'a, T> {
    query: Option<Query>,
    read: Box<dyn FnOnce(Rows) -> Result<T> + Send + 'a>,
}

impl<T> std::fmt::Debug for Question<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Question").field("query", &self.query).finish_non_exhaustive()
    }
}

impl<'a, T> Question<'a, T> {
    /// A query with its values.
    pub fn new<R: Row>(
        text: &'static str,
        values: impl Into<Vec<Value>>,
        read: impl FnOnce(Vec<R>) -> Result<T> + Send + 'a,
    ) -> Self {
        let query = Query { text, values: values.into(), ids: None };
        Self { query: Some(query), read: Box::new(|rows| read(rows.read()?)) }
    }

    /// What is known already: nothing is asked.
    pub fn known(answer: T) -> Self
    where
        T: Send + 'a,
    {
        Self { query: None, read: Box::new(|_| Ok(answer)) }
    }

    /// A query that holds a list of ids: `{}` in its text stands for them. For an empty list nothing is asked, and there are
    /// no rows.
    pub fn of_list<K, R: Row>(
        text: &'static str,
        values: impl Into<Vec<Value>>,
        ids: &[Id<K>],
        read: impl FnOnce(Vec<R>) -> Result<T> + Send + 'a,
    ) -> Self {
        let ids: Vec<Id<()>> = ids.iter().map(|id| id.cast()).collect();
        let query = Query { text, values: values.into(), ids: Some(ids) };
        let query = Some(query).filter(|query| query.ids.as_ref().is_some_and(|ids| !ids.is_empty()));
        Self { query, read: Box::new(|rows| read(rows.read()?)) }
    }
}

impl<K: Send> Question<'static, Vec<Id<K>>> {
    /// The same for a query that gives ids and nothing else.
    pub fn of_ids<L>(text: &'static str, values: impl Into<Vec<Value>>, ids: &[Id<L>]) -> Self {
        Self::of_list(text, values, ids, |rows: Vec<(Id<K>,)>| Ok(rows.into_iter().map(|(id,)| id).collect()))
    }
}

/// One question, or several: a tuple of them, of tuples too.
pub trait Questions: Send {
    /// What is answered to each.
    type Answers: Send;
    /// Takes out the queries, in their order.
    fn queries(&mut self, all: &mut Vec<Option<Query>>);
    /// Reads as many sets of rows as there were queries.
    ///
    /// # Errors
    /// When a row does not read.
    fn read(self, rows: &mut std::vec::IntoIter<Rows>) -> Result<Self::Answers>;

    /// The same questions, with their answers read on into one thing.
    fn into_one<T: Send, F: FnOnce(Self::Answers) -> Result<T> + Send>(self, one: F) -> IntoOne<Self, F>
    where
        Self: Sized,
    {
        IntoOne(self, one)
    }
}

/// Questions whose answers make one thing.
#[derive(Debug)]
#[must_use]
pub struct IntoOne<Q, F>(Q, F);

impl<T: Send, Q: Questions, F: FnOnce(Q::Answers) -> Result<T> + Send> Questions for IntoOne<Q, F> {
    type Answers = T;
    fn queries(&mut self, all: &mut Vec<Option<Query>>) {
        self.0.queries(all);
    }
    fn read(self, rows: &mut std::vec::IntoIter<Rows>) -> Result<T> {
        (self.1)(self.0.read(rows)?)
    }
}

impl<T: Send> Questions for Question<'_, T> {
    type Answers = T;
    fn queries(&mut self, all: &mut Vec<Option<Query>>) {
        all.push(self.query.take());
    }
    fn read(self, rows: &mut std::vec::IntoIter<Rows>) -> Result<T> {
        (self.read)(rows.next().ok_or_else(|| Error::Internal("a question was not asked".into()))?)
    }
}

impl<Q: Questions> Questions for Option<Q> {
    type Answers = Option<Q::Answers>;
    fn queries(&mut self, all: &mut Vec<Option<Query>>) {
        if let Some(questions) = self {
            questions.queries(all);
        }
    }
    fn read(self, rows: &mut std::vec::IntoIter<Rows>) -> Result<Self::Answers> {
        self.map(|questions| questions.read(rows)).transpose()
    }
}

/// Asks in turn what each of a tuple asks.
macro_rules! questions {
    ($($one:ident)*) => {
        #[allow(non_snake_case, unused_variables, reason = "a list of questions, also an empty one")]
        impl<$($one: Questions),*> Questions for ($($one,)*) {
            type Answers = ($($one::Answers,)*);
            fn queries(&mut self, all: &mut Vec<Option<Query>>) {
                let ($($one,)*) = self;
                $($one.queries(all);)*
            }
            fn read(self, rows: &mut std::vec::IntoIter<Rows>) -> Result<Self::Answers> {
                let ($($one,)*) = self;
                Ok(($($one.read(rows)?,)*))
            }
        }
    };
}
questions!();
questions!(A B);
questions!(A B C);
questions!(A B C D);
questions!(A B C D E);
questions!(A B C D E F);
questions!(A B C D E F G);
questions!(A B C D E F G H);

impl Snapshot {
    /// What is answered to one question or several. What several of them ask alike, the key of a person first of all, is
    /// asked once.
    ///
    /// # Errors
    /// When the database fails or a row does not read.
    pub async fn fetch<Q: Questions>(&mut self, mut questions: Q) -> Result<Q::Answers> {
        let mut queries = Vec::new();
        questions.queries(&mut queries);
        let mut asked = Vec::with_capacity(queries.len());
        let mut place = |query: Query| match asked.iter().position(|other| *other == query) {
            Some(place) => place,
            None => {
                asked.push(query);
                asked.len() - 1
            }
        };
        let places: Vec<Option<usize>> = queries.into_iter().map(|query| query.map(&mut place)).collect();
        let mut answers = Vec::new();
        if !asked.is_empty() {
            self.1.0.fetch_add(asked.len() as u64 - 1, Ordering::Relaxed);
            answers = match self.engine() {
                Engine::Sqlite(conn) => all_at_once(conn, asked).await?,
                Engine::Postgres(conn) => one_by_one(conn, asked).await?,
            };
        }
        let of = |place: Option<usize>| place.map_or(Some(Rows::None), |place| answers.get(place).cloned());
        let rows: Vec<Rows> = places.into_iter().map(|place| of(place).ok_or_else(wrong)).collect::<Result<_>>()?;
        questions.read(&mut rows.into_iter())
    }
}

fn wrong() -> Error {
    Error::Internal("the database gave another number of answers than it was asked".into())
}

fn add<'q, A: Arguments>(arguments: &mut A, value: Value) -> Result<()>
where
    i64: Encode<'q, A::Database> + Type<A::Database>,
    bool: Encode<'q, A::Database> + Type<A::Database>,
    String: Encode<'q, A::Database> + Type<A::Database>,
    Id<()>: Encode<'q, A::Database> + Type<A::Database>,
{
    let added = match value {
        Value::Int(value) => arguments.add(value),
        Value::Text(value) => arguments.add(value),
        Value::Flag(value) => arguments.add(value),
        Value::Id(value) => arguments.add(value),
    };
    added.map_err(|error| sqlx::Error::Encode(error).into())
}

/// The text of a query whose first value stands at `first` among those of all that are asked with it.
fn placed(text: &str, first: usize, places: &str, into: &mut String) {
    for (n, piece) in text.split("{}").enumerate() {
        into.push_str(if n == 0 { "" } else { places });
        let mut parts = piece.split('$');
        into.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let (place, rest) = part.split_at(digits);
            let _ = write!(into, "${}{rest}", place.parse().unwrap_or(0) + first);
        }
    }
}

/// SQLite runs the statements of one text one after the other and says where each ends. One list of ids is bound once for
/// all that ask with it.
#[expect(clippy::disallowed_methods, reason = "nothing of a request is in the text")]
async fn all_at_once(conn: &mut SqliteConnection, queries: Vec<Query>) -> Result<Vec<Rows>> {
    let (mut text, mut values) = (String::with_capacity(4_096), SqliteArguments::default());
    let mut list: (Vec<Id<()>>, String) = Default::default();
    let mut all = Vec::with_capacity(queries.len());
    let asked = queries.len();
    for query in queries {
        if let Some(ids) = query.ids.filter(|ids| *ids != list.0) {
            let (places, filled) = list::places(values.len() + 1, &ids);
            filled.into_iter().try_for_each(|id| add(&mut values, Value::Id(id)))?;
            list = (ids, places);
        }
        placed(query.text, values.len(), &list.1, &mut text);
        text.push(';');
        query.values.into_iter().try_for_each(|value| add(&mut values, value))?;
    }
    let query = sqlx::query_with(sqlx::AssertSqlSafe(text), values);
    // sqlx means to give this up for something else one day: were it another number of answers, nothing would be told.
    let mut steps = conn.fetch_many(query);
    for _ in 0..asked {
        let mut rows = Vec::new();
        while let Either::Right(row) = steps.try_next().await?.ok_or_else(wrong)? {
            rows.push(row);
        }
        all.push(Rows::Sqlite(rows.into()));
    }
    match steps.try_next().await? {
        None => Ok(all),
        Some(_) => Err(wrong()),
    }
}

#[expect(clippy::disallowed_methods, reason = "nothing of a request is in the text")]
async fn one_by_one(conn: &mut PgConnection, queries: Vec<Query>) -> Result<Vec<Rows>> {
    let mut all = Vec::with_capacity(queries.len());
    for query in queries {
        let (places, ids) = list::places(query.values.len() + 1, &query.ids.unwrap_or_default());
        let (mut text, mut values) = (String::with_capacity(query.text.len()), PgArguments::default());
        placed(query.text, 0, &places, &mut text);
        query.values.into_iter().try_for_each(|value| add(&mut values, value))?;
        ids.into_iter().try_for_each(|id| add(&mut values, Value::Id(id)))?;
        let rows = sqlx::query_with(sqlx::AssertSqlSafe(text), values).fetch_all(&mut *conn).await?;
        all.push(Rows::Postgres(rows.into()));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::placed;

    #[test]
    fn a_query_asked_with_others_keeps_its_own_values_and_list() {
        let mut text = String::new();
        placed("SELECT a FROM t WHERE a = $1 AND b > $12 AND c IN ({}) AND d < $1", 32, "$1, $2", &mut text);
        assert_eq!(text, "SELECT a FROM t WHERE a = $33 AND b > $44 AND c IN ($1, $2) AND d < $33");
    }
}
