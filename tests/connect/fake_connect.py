"""A running Anki with AnkiConnect, without the program: the add-on's actions over the library.

It has the actions that deckpress uses and no others, with the rules of the add-on, oddities
included: HTTP is 200 for errors as well, a version is asked for by each action in `multi`, the
connection is closed after each answer without a word about it, and moving a card takes it out of a
filtered deck. `importPackage` is what the library of this version makes of it.
"""

import base64
import json
import os
import socketserver
import threading
from pathlib import Path

import anki.lang
from anki.collection import Collection
from anki.errors import NotFoundError
from anki.importing import AnkiPackageImporter
from anki.utils import ids2str, int_time

API = 6


class Actions:
    """What the add-on can do; each method is an action."""

    def __init__(self, path: Path, profile: str, key: str | None):
        anki.lang.set_lang("en_US")
        self._col = Collection(str(path))
        self._profile = profile
        self._key = key
        self._missing: set[str] = set()

    def _run(self, request: dict) -> dict:
        name, version = request.get("action", ""), request.get("version", 4)
        try:
            if request.get("key") != self._key and name != "requestPermission":
                raise Exception("valid api key must be provided")
            if name.startswith("_") or name in self._missing or not hasattr(self, name):
                raise Exception("unsupported action")
            result = getattr(self, name)(**request.get("params", {}))
        except Exception as error:
            return {"result": None, "error": str(error)}
        return result if version <= 4 else {"result": result, "error": None}

    def requestPermission(self):
        # A client without an `Origin` is no website, and allowed.
        return {"permission": "granted", "requireApikey": bool(self._key), "version": API}

    def multi(self, actions):
        return [self._run(action) for action in actions]

    def apiReflect(self, scopes, actions=None):
        known = [name for name in dir(type(self)) if not name.startswith("_")]
        named = known if actions is None else [name for name in actions if name in known]
        return {"scopes": scopes, "actions": [name for name in named if name not in self._missing]}

    def getActiveProfile(self):
        return self._profile

    def findModelsById(self, modelIds):
        models = []
        for mid in modelIds:
            model = self._col.models.get(mid)
            if model is None:
                raise Exception(f"model was not found: {mid}")
            models.append(model)
        return models

    def findNotes(self, query=None):
        return [] if query is None else list(map(int, self._col.find_notes(query)))

    def findCards(self, query=None):
        return [] if query is None else list(map(int, self._col.find_cards(query)))

    def notesInfo(self, notes=None, query=None):
        if notes is None and query is None:
            raise Exception('Must provide either "notes" or a "query"')
        found = []
        for nid in self.findNotes(query) if notes is None else notes:
            try:
                note = self._col.get_note(nid)
            except NotFoundError:
                found.append({})
                continue
            model = note.note_type()
            values = {
                field["name"]: {"value": note.fields[field["ord"]], "order": field["ord"]}
                for field in model["flds"]
            }
            cards = self._col.db.list("select id from cards where nid = ? order by ord", nid)
            found.append(
                {
                    "noteId": note.id,
                    "profile": self._profile,
                    "tags": note.tags,
                    "fields": values,
                    "modelName": model["name"],
                    "mod": note.mod,
                    "cards": cards,
                }
            )
        return found

    def getDecks(self, cards):
        decks: dict[str, list[int]] = {}
        for card in cards:
            did = self._col.db.scalar("select did from cards where id = ?", card)
            decks.setdefault(self._col.decks.get(did)["name"], []).append(card)
        return decks

    def getReviewsOfCards(self, cards):
        columns = ["id", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type"]
        select = f"select {', '.join(columns)} from revlog where cid = ?"
        return {
            card: [dict(zip(columns, row)) for row in self._col.db.all(select, card)]
            for card in cards
        }

    def importPackage(self, path):
        AnkiPackageImporter(self._col, path).run()
        self._col.models._clear_cache()
        return True

    def storeMediaFile(self, filename, data=None, deleteExisting=True):
        if not data:
            raise Exception('You must provide a "data", "path", or "url" field.')
        if deleteExisting:
            self.deleteMediaFile(filename)
        return self._col.media.write_data(filename, base64.b64decode(data))

    def retrieveMediaFile(self, filename):
        path = os.path.join(self._col.media.dir(), os.path.basename(filename))
        if not os.path.exists(path):
            return False
        with open(path, "rb") as file:
            return base64.b64encode(file.read()).decode("ascii")

    def getMediaDirPath(self):
        return os.path.abspath(self._col.media.dir())

    def deleteMediaFile(self, filename):
        self._col.media.trash_files([filename])

    def changeDeck(self, cards, deck):
        did = self._col.decks.id(deck)
        self._col.sched.remFromDyn(cards)
        self._col.db.execute(
            f"update cards set usn=?, mod=?, did=? where id in {ids2str(cards)}",
            *(self._col.usn(), int_time(), did),
        )

    def suspend(self, cards, suspend=True):
        for card in cards:
            # The add-on leaves cards out while it walks over them, so some are passed over.
            if (self._col.get_card(card).queue == -1) == suspend:
                cards.remove(card)
        if not cards:
            return False
        change = self._col.sched.suspend_cards if suspend else self._col.sched.unsuspend_cards
        change(cards)
        return True

    def unsuspend(self, cards):
        self.suspend(cards, False)

    def addTags(self, notes, tags, add=True):
        (self._col.tags.bulk_add if add else self._col.tags.bulk_remove)(notes, tags)

    def removeTags(self, notes, tags):
        self.addTags(notes, tags, False)

    def deleteNotes(self, notes):
        self._col.remove_notes(notes)

    def updateNoteModel(self, note):
        if not note.get("fields"):
            raise ValueError("Fields must be provided as a dictionary")
        model = self._col.models.by_name(note["modelName"])
        if not model:
            raise ValueError(f"Model '{note['modelName']}' not found")
        changed = self._col.get_note(note["id"])
        changed.mid = model["id"]
        changed._fmap = self._col.models.field_map(model)
        changed.fields = [""] * len(model["flds"])
        for name, value in note["fields"].items():
            for known in changed.keys():
                if name.lower() == known.lower():
                    changed[known] = value
        changed.tags = note.get("tags", [])
        self._col.update_note(changed, skip_undo_entry=True)


class FakeConnect:
    """A server on a port of its own, and the collection that it serves."""

    def __init__(self, path: Path, profile: str = "User 1", key: str | None = None):
        self.actions = Actions(path, profile, key)
        self.col = self.actions._col
        self.run = self.actions._run
        """Answers a request."""
        self.seen: list[str] = []
        """The actions that were asked for, with those in `multi`."""
        self.after = lambda name: None
        """Called when the action is done and nobody has been told."""
        self.answer = lambda reply: reply
        """Changes the bytes of an answer."""
        fake = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                fake._serve(self.rfile, self.wfile)

        class Server(socketserver.TCPServer):
            allow_reuse_address = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.col.close()

    def _serve(self, rfile, wfile) -> None:
        length = 0
        while (line := rfile.readline().strip()) != b"":
            name, _, value = line.partition(b": ")
            length = int(value) if name.lower() == b"content-length" else length
        request = json.loads(rfile.read(length))
        name = request["action"]
        nested = [action["action"] for action in request.get("params", {}).get("actions", [])]
        self.seen += nested or [name]
        reply = self.answer(json.dumps(self.run(request)).encode())
        self.after(name)
        headers = ["HTTP/1.1 200 OK", "Content-Type: application/json"]
        headers += ["Access-Control-Allow-Origin: http://localhost", f"Content-Length: {len(reply)}"]
        try:
            wfile.write("\r\n".join([*headers, "", ""]).encode() + reply)
        except OSError:
            pass  # The client did not wait for it.

