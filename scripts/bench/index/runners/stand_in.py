"""The stand-in for a node (`scripts.bench.index.stand_in`) as a process, for as long as its input is open."""

import sys
import threading
from http.server import ThreadingHTTPServer

import msgspec

from scripts.bench.index.flat import Size
from scripts.bench.index.stand_in import Handler


def main() -> None:
    """The size as JSON on the command line; the port on the first line of output."""
    Handler.size = msgspec.json.decode(sys.argv[1], type=Size)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    # it ends with whoever started it, however that ends
    sys.stdin.read()


if __name__ == "__main__":
    main()
