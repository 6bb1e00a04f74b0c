//! `GET /items`

use std::sync::Arc;

use actix_web::get;
use shared_types::{
    model::{Entity, Item},
    state::{Organization, Scope},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    filter::{Asked, Filter, Place},
    order::{self, Sort},
};
use crate::api::{
    entity::ItemEntity,
    page::{Page, Token},
    read::Read,
    write::Reply,
};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list);
}

/// Items, without their descriptions and acceptance criteria
#[utoipa::path(tag = "items", params(Asked), responses((status = 200, body = Page<ItemEntity>)))]
#[get("/items")]
async fn list(read: Read) -> Reply {
    let asked: Asked = read.query()?;
    let filter = asked.resolve(read.organization(), read.principal.sight)?;
    let after: Option<order::Place> = Token::place(asked.page.as_ref())?;
    after
        .as_ref()
        .map(|place| asked.sort.check(place))
        .transpose()?;
    let sight = read.principal.sight;
    read.search(filter.topic(), move |model| {
        let found = find(model, &filter, asked.sort, after, asked.limit.0 + 1);
        Page::take(
            found,
            asked.limit,
            |last| asked.sort.place(last),
            |item| {
                let mut item = item.summary();
                model.narrow_item(sight, &mut item);
                ItemEntity::in_list(model, item)
            },
        )
    })
    .await
}

type Found<'m> = Box<dyn Iterator<Item = &'m Arc<Item>> + 'm>;

/// At least `count` of the items asked for, if there are so many, in order.
fn find<'m>(
    model: &'m Organization,
    filter: &'m Filter,
    sort: Sort,
    after: Option<order::Place>,
    count: usize,
) -> Found<'m> {
    let place = filter.place();
    match (sort, &place) {
        // The index has them in this order already: only as many are looked at as it takes.
        (Sort::Rank, Place::Scope(scope)) => Box::new(ranked(model, vec![*scope], after, filter)),
        (Sort::Rank, Place::Everywhere) => {
            Box::new(ranked(model, all_scopes(model), after, filter))
        }
        _ => {
            let found = candidates(model, place).filter(|item| filter.matches(model, item));
            let rest =
                found.filter(|item| after.as_ref().is_none_or(|after| sort.place(item) > *after));
            Box::new(smallest(rest, count, |item| sort.place(item)).into_iter())
        }
    }
}

fn ranked<'m>(
    model: &'m Organization,
    scopes: Vec<Scope>,
    after: Option<order::Place>,
    filter: &'m Filter,
) -> impl Iterator<Item = &'m Arc<Item>> {
    let start = after.and_then(|place| match place {
        order::Place::Rank(scope, rank, id) => Some((scope, rank, id)),
        _ => None,
    });
    let begun = move |scope: &Scope| {
        start
            .as_ref()
            .is_none_or(|(from, ..)| scope >= from)
            .then(|| start.clone())
    };
    let in_scopes = scopes
        .into_iter()
        .filter_map(move |scope| Some((scope, begun(&scope)?)));
    let items = in_scopes.flat_map(move |(scope, start)| -> Found<'m> {
        match start.filter(|(from, ..)| *from == scope) {
            Some((_, rank, id)) => Box::new(model.items_in_after(scope, (rank, id))),
            None => Box::new(model.items_in(scope)),
        }
    });
    items.filter(move |item| filter.matches(model, item))
}

fn all_scopes(model: &Organization) -> Vec<Scope> {
    std::iter::once(None)
        .chain(model.projects().map(|project| Some(project.id())))
        .collect()
}

fn candidates<'m>(model: &'m Organization, place: Place) -> Found<'m> {
    match place {
        Place::Scope(scope) => Box::new(model.items_in(scope)),
        Place::Everywhere => Box::new(model.items()),
        Place::Team(team) => Box::new(model.items_of_team(team)),
        Place::Member(member) => Box::new(model.items_of_member(member)),
        Place::Parent(parent) => Box::new(model.children_of(parent)),
    }
}

/// The first `count` of them in order, without sorting the rest.
fn smallest<T, K: Ord>(
    items: impl Iterator<Item = T>,
    count: usize,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut items: Vec<(K, T)> = items.map(|item| (key(&item), item)).collect();
    if items.len() > count {
        items.select_nth_unstable_by(count, |(a, _), (b, _)| a.cmp(b));
        items.truncate(count);
    }
    items.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    items.into_iter().map(|(_, item)| item).collect()
}
