"""Every entry point of Earshot: unwrap the event, call the pipeline, wrap the answer."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from chalice.app import (
    Chalice,
    CloudWatchEvent,
    DynamoDBEvent,
    DynamoDBRecord,
    Request,
    Response,
    SQSEvent,
)

from chalicelib import door, intake
from chalicelib.errors import NotFound, Rejected, Resting, SettingsError, Unavailable
from chalicelib.log import Log
from chalicelib.ports.platform import Reply, WebhookRequest
from chalicelib.traces import traced
from chalicelib.wiring import Wiring, now

# Seven calls of 13 seconds at most open a case. Killed in the middle of one, it may still come to something in the CRM
# after the next invocation has looked there and found nothing.
ONE_DELIVERY_MS = 100_000
ONE_CALL_MS = 20_000  # a hub takes 13 seconds at most, and what comes of it is told

NOT_HERE = {"statusCode": 404, "headers": {"content-type": "text/plain"}, "body": "NotFound"}


class Front(Chalice):
    """Chalice, which also takes requests that come by the function's own address."""

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer one."""
        if not door.is_at_the_door(event):
            return super().__call__(event, context)
        asked = door.as_rest(event, self.routes)
        return super().__call__(asked, context) if asked else NOT_HERE


# Chalice would add a handler of its own to the logger of this name, and every line would come twice.
app = Front(app_name="earshot", configure_logs=False)
log = Log("earshot", "INFO")  # no less: filters in infra/resources.yaml count these lines, and alarms stand on them
wiring = Wiring(os.environ)
STAGE = os.environ.get("EARSHOT_STAGE", "dev")

# A challenge echoes what a stranger sent: never let a browser take it for a page.
PLAIN: dict[str, str | list[str]] = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}


@app.middleware("all")
def tell_calls_apart(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """What goes wrong names the invocation it belongs to; what happens behind the answer is also counted."""
    context = event.lambda_context if isinstance(event, Request) else event.context
    log.belongs_to(getattr(context, "aws_request_id", None))
    if isinstance(event, Request):
        return get_response(event)
    from chalicelib.metrics import Figures

    figures = Figures(STAGE, getattr(context, "function_name", "unknown"))
    try:
        with log.heard_by(figures.heard):
            return get_response(event)
    finally:
        figures.write()  # also of an invocation that fails


@app.route("/health", methods=["GET"])
def health() -> Response:
    """That the function starts; it tells strangers nothing else."""
    return Response("ok", headers=PLAIN)


# Chalice answers 415 before our code for anything but JSON, so every type is let through to the signature.
@app.route("/webhooks/{platform}", methods=["GET", "POST", "OPTIONS"], content_types=["*/*"])
def receive_webhook(platform: str) -> Response:
    """A delivery or a handshake of a platform."""
    request = _request(app.current_request)
    take = intake.take_delivery if request.method == "POST" else intake.shake_hands
    return _answered(lambda: take(wiring, log, platform, request))


@app.route("/webhooks/{platform}/deletion", methods=["POST"], content_types=["*/*"])
def receive_deletion(platform: str) -> Response:
    """A person's wish to be forgotten, as a platform passes it on."""
    request = _request(app.current_request)
    context: Any = app.current_request.context if app.current_request else {}
    return _answered(lambda: intake.note_deletion(wiring, log, platform, request, str(context.get("path", ""))))


@app.route("/crm/{name}", methods=["POST"], content_types=["*/*"])
def receive_crm_event(name: str) -> Response:
    """What people did with cases in a CRM, as its signed webhook tells it."""
    return _answered(lambda: intake.heed_crm(wiring, log, name, _request(app.current_request)))


@app.route("/deletions/{code}", methods=["GET"])
def show_deletion(code: str) -> Response:
    """How far a deletion has come, for the person who asked for it."""
    from chalicelib.pipeline import wishes

    return _answered(lambda: wishes.page(wiring.erasures, code))


@app.on_sqs_message(queue="posts.fifo", batch_size=10, name="triage_posts")
def triage_posts(event: SQSEvent) -> dict[str, Any]:
    """Posts to decisions; those that fail are named, and with them the rest of their author's."""
    from chalicelib import deciding

    failed = deciding.decide(wiring, log, event.to_dict()["Records"])
    return {"batchItemFailures": [{"itemIdentifier": message} for message in failed]}


@app.on_dynamodb_record(stream_arn="set-in-infra/resources.yaml", batch_size=100, name="deliver_cases")
def deliver_cases(event: DynamoDBEvent) -> dict[str, Any]:
    """What is owed to the CRM, in order; stops at the first that must wait."""
    from chalicelib.pipeline.deliver import deliver_patiently

    context: Any = event.context  # Chalice calls it a dict; it is Lambda's context object
    seen: set[str] = set()
    for record in event:
        case_id = _case_id(record)
        if case_id in seen:
            continue
        try:
            with traced("case") as note:
                note(case_id=case_id)
                told = deliver_patiently(
                    wiring.delivery_desk,
                    case_id,
                    lambda: (context.get_remaining_time_in_millis() - ONE_DELIVERY_MS) / 1000,
                )
        except Resting as trouble:
            log.warning("crm.rests", case_id=case_id, why=str(trouble))
            continue  # keep_time hands it out again; trying sooner would only hold up the stream
        except Unavailable as trouble:
            log.warning("case.waits", case_id=case_id, why=str(trouble))
            return {"batchItemFailures": [{"itemIdentifier": record.sequence_number}]}
        seen.add(case_id)
        log.info("case.told", case_id=case_id, deliveries=told)
    return {"batchItemFailures": []}


@app.on_dynamodb_record(stream_arn="set-in-infra/resources.yaml", batch_size=10, name="tell_people")
def tell_people(event: DynamoDBEvent) -> dict[str, Any]:
    """What people are owed, at once, whatever the CRM does; a channel that does not answer holds up nobody."""
    from chalicelib.pipeline.telling import tell_patiently

    context: Any = event.context
    records = list(event)
    notices = [str(record.keys["pk"]["S"]).removeprefix("NOTICE#") for record in records]
    try:
        waiting = tell_patiently(
            wiring.telling_desk, notices, lambda: (context.get_remaining_time_in_millis() - ONE_CALL_MS) / 1000
        )
    except (Unavailable, NotFound) as trouble:  # the table: the stream hands them out again, and what was told is known
        log.warning("people.wait", why=str(trouble))
        return {"batchItemFailures": [{"itemIdentifier": records[0].sequence_number}]}
    log.info("people.told", notices=len(set(notices)), waiting=waiting)
    return {"batchItemFailures": []}


@app.schedule("rate(1 minute)", name="keep_time")
def keep_time(event: CloudWatchEvent) -> dict[str, int]:
    """The minute's round."""
    from chalicelib import minute

    return {"nudged": minute.keep(wiring, log, lambda: _is_late(event.context))}


def _answered(call: Callable[[], Reply]) -> Response:
    """What a call answers, or the status of what went wrong."""
    try:
        return _answer(call())
    except Rejected as rejection:
        log.info("webhook.rejected", status=rejection.status, why=type(rejection).__name__)
        return _answer(Reply(rejection.status, type(rejection).__name__))
    except (Unavailable, SettingsError) as trouble:
        log.error("webhook.unavailable", why=str(trouble))
        return _answer(Reply(503, "try again", {"Retry-After": "30"}))


def _is_late(context: Any) -> bool:
    return bool(context.get_remaining_time_in_millis() < ONE_CALL_MS)


def _case_id(record: DynamoDBRecord) -> str:
    return str(record.keys["pk"]["S"]).removeprefix("CASE#")


def _request(request: Request | None) -> WebhookRequest:
    assert request is not None  # Chalice sets it before it calls a view  # noqa: S101
    return WebhookRequest(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        query=dict(request.query_params or {}),
        body=request.raw_body if isinstance(request.raw_body, bytes) else request.raw_body.encode(),
        received_at=now(),
    )


def _answer(reply: Reply) -> Response:
    # Names are compared as they are written: in two spellings both would be sent.
    given = {name.lower(): value for name, value in reply.headers.items()}
    return Response(reply.body, status_code=reply.status, headers={**PLAIN, **given})
