"""Every address of the clients' pages."""

from starlette.routing import Route

from appointments_app import routes
from appointments_app.api.portal import booking, door, link, mine, profile

_ONE = f"{routes.PORTAL}/appointments/{{appointment_id:int}}"

PORTAL_ROUTES = [
    Route(f"{routes.CONFIRM}/{{token}}", link.show, methods=["GET"]),
    Route(f"{routes.CONFIRM}/{{token}}", link.confirm, methods=["POST"]),
    Route(f"{routes.PORTAL}/sign-in", door.ask, methods=["GET"]),
    Route(f"{routes.PORTAL}/sign-in", door.send_link, methods=["POST"]),
    Route(f"{routes.PORTAL}/password", door.by_password, methods=["POST"]),
    Route(f"{routes.PORTAL_ENTER}/{{token}}", door.show_link, methods=["GET"]),
    Route(f"{routes.PORTAL_ENTER}/{{token}}", door.by_link, methods=["POST"]),
    Route(f"{routes.PORTAL}/sign-out", door.sign_out, methods=["POST"]),
    Route(f"{routes.PORTAL}/language", door.set_language, methods=["POST"]),
    Route(f"{routes.PORTAL_AS}/{{client_id:int}}", door.look_on, methods=["POST"]),
    Route(routes.PORTAL, mine.upcoming, methods=["GET"]),
    Route(f"{routes.PORTAL}/past", mine.past, methods=["GET"]),
    Route(f"{_ONE}.ics", mine.calendar, methods=["GET"]),
    Route(_ONE, mine.show, methods=["GET"]),
    Route(f"{_ONE}/confirm", mine.confirm, methods=["POST"]),
    Route(f"{_ONE}/ask", mine.ask, methods=["POST"]),
    Route(f"{_ONE}/cancel", mine.cancel, methods=["POST"]),
    Route(f"{routes.PORTAL}/book", booking.choose, methods=["GET"]),
    Route(f"{routes.PORTAL}/book/hold", booking.hold, methods=["POST"]),
    Route(f"{routes.PORTAL}/book/check", booking.check, methods=["GET"]),
    Route(f"{routes.PORTAL}/book", booking.book, methods=["POST"]),
    Route(f"{routes.PORTAL}/profile", profile.show, methods=["GET"]),
    Route(f"{routes.PORTAL}/profile", profile.save, methods=["POST"]),
    Route(f"{routes.PORTAL}/profile/messages", profile.choose_messages, methods=["POST"]),
    Route(f"{routes.PORTAL}/profile/password", profile.set_password, methods=["POST"]),
]
