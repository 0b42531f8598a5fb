"""Enters a cooperative and invites it to a meeting, then shows what the reminder desk made of it.

    python invite.py                    enters an organisation and an event, shows the planned reminders
    python invite.py --start INSTANT    the same, with another start: 2024-03-15T08:00+07:00
    python invite.py EVENT              shows what went out about that event

Addresses and token come from the environment, as `make up` leaves them in .stage/up/env.
"""

import argparse
import sys
import time
import uuid
from datetime import datetime, timedelta, timezone

import client
import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from lienminh.events.v1 import events_pb2, events_pb2_grpc
from lienminh.notifier.v1 import notifier_pb2, notifier_pb2_grpc
from lienminh.obligation.v1 import obligation_pb2
from lienminh.registry.v1 import organisations_pb2, organisations_pb2_grpc

VIETNAM = timezone(timedelta(hours=7))

registry = client.channel("registry", 7101)
organisations = organisations_pb2_grpc.OrganisationServiceStub(registry)
contacts = organisations_pb2_grpc.ContactServiceStub(registry)
events = events_pb2_grpc.EventServiceStub(client.channel("events", 7102))
notifier = notifier_pb2_grpc.NotifierServiceStub(client.channel("notifier", 7104))


def request_id():
    """The same id with the same request is answered once more, not done once more."""
    return str(uuid.uuid4())


def enter_organisation(kind, display_name, position, email):
    """An organisation with one contact."""
    organisation = organisations.CreateOrganisation(
        organisations_pb2.CreateOrganisationRequest(
            organisation=organisations_pb2.Organisation(kind=kind, display_name=display_name),
            request_id=request_id(),
        )
    )
    contacts.CreateContact(
        organisations_pb2.CreateContactRequest(
            parent=organisation.name,
            contact=organisations_pb2.Contact(position=position, email=email),
            request_id=request_id(),
        )
    )
    return organisation


def announce_meeting(host, guest, start):
    """A meeting of two hours, announced at once, with one organisation invited."""
    event = events_pb2.Event(
        kind="information_meeting",
        title="Hội nghị phổ biến Luật Hợp tác xã",
        organiser=host.name,
        place=obligation_pb2.Place(text="Hội trường Liên minh HTX tỉnh"),
        bring="Giấy mời và danh sách đại biểu",
    )
    event.anchor.instant.start_time.FromDatetime(start)
    event.anchor.instant.end_time.FromDatetime(start + timedelta(hours=2))
    return events.CreateEvent(
        events_pb2.CreateEventRequest(
            event=event, announce=True, invitees=[guest.name], request_id=request_id()
        )
    )


def obligation_of(event_name):
    return "events/obligations/event-" + event_name.removeprefix("events/")


def planned_reminders(event_name):
    """What the desk plans; it hears of the event a moment after it was announced."""
    request = notifier_pb2.ListOccurrencesRequest(obligation=obligation_of(event_name))
    for _ in range(100):
        try:
            if planned := notifier.ListOccurrences(request).occurrences:
                return planned
        except grpc.RpcError as error:
            if error.code() != grpc.StatusCode.NOT_FOUND:
                raise
        time.sleep(0.1)
    sys.exit("the notifier has not heard of the event within ten seconds")


def show_deliveries(event_name):
    request = notifier_pb2.ListDeliveriesRequest(obligation=obligation_of(event_name))
    for delivery in notifier.ListDeliveries(request).deliveries:
        channel = notifier_pb2.Channel.Name(delivery.channel).removeprefix("CHANNEL_")
        state = notifier_pb2.DeliveryState.Name(delivery.state).removeprefix("DELIVERY_STATE_")
        line = [delivery.step, channel, state, delivery.organisation_display_name, delivery.reason_text]
        print("  " + "  ".join(part for part in line if part))


def local(timestamp: Timestamp):
    return timestamp.ToDatetime(timezone.utc).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")


def show_a_refusal():
    """A tax code with a wrong check digit: each wrong field is named, in the language asked for."""
    try:
        organisations.CreateOrganisation(
            organisations_pb2.CreateOrganisationRequest(
                organisation=organisations_pb2.Organisation(
                    kind=organisations_pb2.ORGANISATION_KIND_COOPERATIVE,
                    display_name="Hợp tác xã Ví dụ",
                    tax_code="0100109107",
                ),
                request_id=request_id(),
            )
        )
    except grpc.RpcError as error:
        print(f"refused as {error.code().name}:")
        for field, sentence in client.violations(error):
            print(f"  {field}: {sentence}")
    else:
        sys.exit("a wrong tax code was taken")


def in_a_fortnight():
    day = datetime.now(VIETNAM) + timedelta(days=14)
    return day.replace(hour=8, minute=0, second=0, microsecond=0)


def first_run(start):
    host = enter_organisation(
        organisations_pb2.ORGANISATION_KIND_ALLIANCE,
        "Liên minh Hợp tác xã tỉnh Ví dụ",
        obligation_pb2.POSITION_OFFICE,
        "vanphong@lienminh-vidu.example",
    )
    guest = enter_organisation(
        organisations_pb2.ORGANISATION_KIND_COOPERATIVE,
        "Hợp tác xã Nông nghiệp Ví dụ",
        obligation_pb2.POSITION_DIRECTOR,
        "giamdoc@htx-vidu.example",
    )
    event = announce_meeting(host, guest, start)
    print(f"{event.name}\n{event.title}, {local(event.anchor.instant.start_time)}\nplanned reminders:")
    for occurrence in planned_reminders(event.name):
        state = notifier_pb2.OccurrenceState.Name(occurrence.state).removeprefix("OCCURRENCE_STATE_")
        print(f"  {local(occurrence.due_time)}  {occurrence.step:6}  {state}")
    show_a_refusal()


def main():
    parser = argparse.ArgumentParser(description="Invites a cooperative to a meeting.")
    parser.add_argument("event", nargs="?", help="show what went out about this event")
    parser.add_argument("--start", type=datetime.fromisoformat, default=in_a_fortnight())
    arguments = parser.parse_args()
    try:
        if arguments.event:
            show_deliveries(arguments.event)
        else:
            first_run(arguments.start)
    except grpc.RpcError as error:
        sys.exit(f"{error.code().name}: {client.sentence(error)}")


if __name__ == "__main__":
    main()
