"""Notes what a card asks of Anki and of the network."""

from aqt import gui_hooks, mw
from aqt.webview import AnkiWebPage, AuthInterceptor

_noted = []


def begin():
    """Notes requests that leave the machine, pages to open, dialogs, and orders to Anki."""
    intercept = AuthInterceptor.interceptRequest
    accept = AnkiWebPage.acceptNavigationRequest

    def request(interceptor, info):
        url = info.requestUrl().toString()
        if not url.startswith((mw.serverURL(), "data:", "qrc:", "blob:")):
            _noted.append(f"a request: {url}")
        intercept(interceptor, info)

    def navigation(page, url, kind, is_main):
        address = url.toString()
        if address.startswith((mw.serverURL(), "data:text/html")) and is_main:
            return accept(page, url, kind, is_main)
        _noted.append(f"a page: {address}")
        return False

    def dialog(page, frame, text):
        _noted.append(f"a dialog: {text}")
        return False

    def order(handled, message, context):
        if "pwned" in message or message.startswith("play"):
            _noted.append(f"an order: {message}")
        return handled

    AuthInterceptor.interceptRequest = request
    AnkiWebPage.acceptNavigationRequest = navigation
    AnkiWebPage.javaScriptAlert = dialog
    AnkiWebPage.javaScriptConfirm = dialog
    gui_hooks.webview_did_receive_js_message.append(order)


def take():
    """What was noted since the last time."""
    noted = list(_noted)
    _noted.clear()
    return noted
