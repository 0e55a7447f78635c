//! The column of the windows that expressions name.

use crate::plan::{TypedNode, TypedPlan};
use crate::resolve::FoundWindow;
use crate::schema::{Field, Schema};
use crate::typed::{Typed, TypedKind};

/// The table with the column of the windows behind its own, if expressions name windows.
pub(super) fn with_window(input: TypedPlan, window: Option<FoundWindow>) -> TypedPlan {
    let Some(window) = window else {
        return input;
    };
    let field = Field {
        nullable: window.is_nullable(),
        is_event_time: is_event_time(window.time(), &input.schema),
        ..Field::new(window.name(), window.data_type())
    };
    let schema: Schema = input
        .schema
        .fields()
        .iter()
        .cloned()
        .chain([field])
        .collect();
    let input = Box::new(input);
    let node = match window {
        FoundWindow::Time(window) => TypedNode::Windows { input, window },
        FoundWindow::Session { time, gap } => TypedNode::SessionWindow { input, time, gap },
    };
    TypedPlan {
        span: None,
        node,
        schema,
    }
}

/// Returns true if the watermark of the table bounds the value, too (`WM-9`).
pub(super) fn is_event_time(typed: &Typed, schema: &Schema) -> bool {
    match &typed.kind {
        TypedKind::Column(index) => {
            let field = schema.fields().get(*index);
            field.is_some_and(|field| field.is_event_time)
        }
        _ => {
            matches!(typed.as_call(), Some(("window_time", [window])) if is_event_time(window, schema))
        }
    }
}
