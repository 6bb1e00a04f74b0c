//! Entities as they go on the wire: macros, so that larger texts can be put together from them.

/// An entity's first fields, for the texts below.
macro_rules! stamp {
    ($id:literal) => {
        concat!(
            r#""id":"019380a0-7b3c-7c41-a3f2-0000000000"#,
            $id,
            r#"","version":3,"created_at":"2026-11-23T14:00:00.000Z","updated_at":"2026-11-23T14:05:00.120Z""#
        )
    };
}

macro_rules! id {
    ($id:literal) => {
        concat!("019380a0-7b3c-7c41-a3f2-0000000000", $id)
    };
}

macro_rules! organization {
    () => {
        concat!("{", stamp!("01"), r#","slug":"acme","name":"Acme"}"#)
    };
}

macro_rules! project {
    () => {
        concat!(
            "{",
            stamp!("02"),
            r#","slug":"website","key":"WEB","name":"Website","description":"Our **front door**","archived":false}"#
        )
    };
}

macro_rules! team {
    () => {
        concat!(
            "{",
            stamp!("03"),
            r#","project":""#,
            id!("02"),
            r#"","slug":"core","name":"Core","mission":"","members":[""#,
            id!("04"),
            r#""]}"#
        )
    };
}

macro_rules! human {
    () => {
        concat!(
            "{",
            stamp!("04"),
            r#","slug":"ada","name":"Ada","title":"Engineer","kind":"human","agent":null,"account":null}"#
        )
    };
}

macro_rules! agent {
    () => {
        concat!(
            "{",
            stamp!("05"),
            r#","slug":"iris","name":"Iris","title":"","#,
            r#""kind":"agent","agent":{"instructions":"Be brief.","auto_start":true,"provider":"openai","model":null,"#,
            r#""temperature":0.7,"limits":{"turns":30,"tokens":500000,"minutes":15,"cost":2500000,"running":3},"#,
            r#""tools":{"post_comment":"allowed","create_task":"ask","update_task":"forbidden","list_items":"allowed","#,
            r#""get_item":"allowed"}},"account":null}"#
        )
    };
}

/// An item as lists and wider topics show it.
macro_rules! epic {
    () => {
        concat!(
            "{",
            stamp!("06"),
            r#","key":"ORG-3","kind":"epic","project":null,"team":null,"parent":null,"title":"Launch","status":"open","#,
            r#""priority":"none","rank":"a0","assignees":[],"labels":[],"estimate":null,"due":null,"depends_on":[],"comments":0}"#
        )
    };
}

/// An item with all there is to it.
macro_rules! task {
    () => {
        concat!(
            "{",
            stamp!("07"),
            r#","key":"WEB-12","kind":"task","project":""#,
            id!("02"),
            r#"","team":""#,
            id!("03"),
            r#"","parent":""#,
            id!("08"),
            r#"","title":"Sign in","status":"in_progress","priority":"urgent","rank":"a1V","assignees":[""#,
            id!("04"),
            r#""],"labels":["auth","ünï"],"estimate":2.5,"due":"2026-12-01","depends_on":[""#,
            id!("09"),
            r#""],"run":"#,
            brief!(),
            r#","comments":2,"description":"With a key","acceptance":[{"text":"It works","done":true}]}"#
        )
    };
}

macro_rules! comment {
    () => {
        concat!(
            "{",
            stamp!("10"),
            r#","item":""#,
            id!("07"),
            r#"","author":""#,
            id!("04"),
            r#"","body":"Looks good"}"#
        )
    };
}

macro_rules! rollup {
    () => {
        r#"{"tasks":{"backlog":1,"todo":2,"in_progress":3,"in_review":4,"done":5,"cancelled":6},"estimate_done":250,"estimate_total":1000,"runs":1,"tokens":1200,"cost":4500}"#
    };
}

/// What an item shows of its run.
macro_rules! brief {
    () => {
        concat!(
            r#"{"id":""#,
            id!("11"),
            r#"","state":"running","member":""#,
            id!("05"),
            r#""}"#
        )
    };
}

/// A run as it is claimed.
macro_rules! run {
    () => {
        concat!(
            "{",
            stamp!("11"),
            r#","item":""#,
            id!("07"),
            r#"","member":""#,
            id!("05"),
            r#"","kind":"work","attempt":2,"state":"running","claim":118,"not_before":null,"depth":1,"failures":0,"#,
            r#""exchanges":[{"question":"May I?","tool":{"name":"create_task","arguments":"{}"},"answer":"","#,
            r#""approved":true,"by":""#,
            id!("04"),
            r#""},{"question":"Which way?"}],"result":null,"proposals":[],"reviewer":null,"reason":null,"failure":null,"#,
            r#""provider":"openai","model":"gpt-5","usage":{"input":1000,"cached":200,"output":200},"cost":4500,"#,
            r#""reserved":9000,"effort":{"turns":3,"calling":true,"worked_ms":84000,"since":"2026-11-23T10:00:00.000Z"}}"#
        )
    };
}

/// A plan that was reviewed.
macro_rules! plan {
    () => {
        concat!(
            "{",
            stamp!("12"),
            r#","item":""#,
            id!("06"),
            r#"","member":""#,
            id!("05"),
            r#"","kind":"plan","attempt":1,"state":"rejected","claim":null,"not_before":"2026-11-23T14:00:10.000Z","#,
            r#""depth":3,"failures":1,"exchanges":[],"result":{"summary":"Two features","body":"…","links":[{"title":"PR","#,
            r#""url":"https://example.com/1"}]},"proposals":[{"kind":"feature","title":"One","description":"","#,
            r#""acceptance":[{"text":"It works","done":false}],"estimate":2.5,"state":"accepted","item":""#,
            id!("08"),
            r#""},{"kind":"feature","title":"Two","description":"","acceptance":[],"estimate":null,"state":"dismissed","#,
            r#""item":null}],"reviewer":""#,
            id!("04"),
            r#"","reason":"Too much","failure":"lease_lost","provider":null,"model":null,"#,
            r#""usage":{"input":0,"cached":0,"output":0},"cost":0,"reserved":0}"#
        )
    };
}

macro_rules! budget {
    () => {
        r#"{"scope":"organization","day":5000000,"total":null,"alert":"warning"}"#
    };
}
