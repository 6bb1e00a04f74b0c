use shared_types::error::{ErrorCode, Problem};

use crate::golden;

#[test]
fn problems() {
    golden::<Problem>(concat!(
        r#"{"type":"urn:devteam:problem:validation","title":"A field is wrong","status":422,"#,
        r#""detail":"name: must not be empty","code":"validation","retryable":false,"request_id":"req-1","#,
        r#""errors":[{"pointer":"/name","code":"invalid_value","message":"must not be empty"}]}"#
    ));
    golden::<Problem>(concat!(
        r#"{"type":"urn:devteam:problem:version_mismatch","title":"It has changed meanwhile","status":412,"#,
        r#""detail":"It is at version 4.","code":"version_mismatch","retryable":false,"request_id":"req-1","#,
        r#""errors":[],"current":{"version":4}}"#
    ));
}

#[test]
fn every_error_code_is_written_as_its_word_and_a_later_one_is_read() {
    for code in ErrorCode::ALL {
        assert_eq!(
            golden::<ErrorCode>(&format!("\"{}\"", code.as_str())),
            *code
        );
        assert!((400..=599).contains(&code.status()));
    }
    assert_eq!(
        serde_json::from_str::<ErrorCode>("\"of_the_future\"").unwrap(),
        ErrorCode::Other
    );
}
