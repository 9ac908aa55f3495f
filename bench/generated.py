"""Files to measure with, made from a seed: the same on every machine."""
import json
import random

_AGENTS = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{}.{} Safari/537.36",
           "Mozilla/5.0 (iPhone; CPU iPhone OS {}_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E{}",
           "Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/201001{} Firefox/{}.0", "curl/{}.{}.{}")
_STATUSES = (200,) * 80 + (304,) * 6 + (404,) * 6 + (403,) * 4 + (301, 302, 206, 500)


def _choices(rng, count, make):
    """`count` texts, of which a few are met most of the time."""
    texts = [make(rng) for _ in range(count)]
    return lambda: texts[int(count * rng.random() ** 4)]


def log(path, wanted_bytes):
    """An access log in the combined format, as of a site with a few thousand visitors a day."""
    rng = random.Random(1)
    number = lambda limit: rng.randrange(limit)
    agent = _choices(rng, 6_000, lambda r: r.choice(_AGENTS).format(number(120), number(9000), number(200)))
    # A client keeps its agent.
    client = _choices(rng, 20_000, lambda r: (".".join(str(r.randrange(1, 255)) for _ in range(4)), agent()))
    page = _choices(rng, 40_000, lambda r: f"/articles/{number(10 ** 6)}/a-title-of-some-length-{number(10 ** 4)}.html?page={number(9)}")
    referrer = _choices(rng, 2_000, lambda r: r.choice(("-", f"https://www.example.org/search?q={number(10 ** 6)}")))
    written = day = 0
    with open(path, "w") as out:
        while written < wanted_bytes:
            day += 1
            date = f"{day % 28 + 1:02}/{('Jan', 'Feb', 'Mar', 'Apr')[day // 28 % 4]}/2024"
            lines = [f'{who[0]} - - [{date}:{i // 4167:02}:{number(60):02}:{number(60):02} +0100] "GET {page()} HTTP/1.1" '
                     f'{_STATUSES[number(100)]} {number(90_000)} "{referrer()}" "{who[1]}"\n'
                     for i, who in enumerate(client() for _ in range(100_000))]
            text = "".join(lines)
            out.write(text)
            written += len(text)


def table(path, wanted_bytes):
    """A CSV file of 49 columns, some of them in quotes, as of matches of a sport."""
    rng = random.Random(2)
    columns = [f"column_{i}" for i in range(49)]
    rows = []
    for _ in range(20_000):
        cells = [str(rng.randrange(10 ** (i % 7))) if i % 3 else "" for i in range(49)]
        cells[5] = f'"Name, {rng.randrange(10 ** 5)}"'
        rows.append(",".join(cells) + "\n")
    text = "".join(rows)
    with open(path, "w") as out:
        out.write(",".join(columns) + "\n")
        for _ in range(max(1, wanted_bytes // len(text))):
            out.write(text)


def _folder(path, files, suffix, text_of):
    path.mkdir(parents=True)
    for number in range(files):
        (path / f"{number:05}{suffix}").write_text(text_of(number))


def small_tables(path, files):
    """CSV files of 21 rows and 30 columns, as of the days of a pandemic."""
    rng = random.Random(3)
    header = ",".join(f"column_{i}" for i in range(30)) + "\n"
    row = lambda: ",".join(str(rng.randrange(10 ** (i % 9 + 2))) if i % 6 else "" for i in range(30)) + "\n"
    _folder(path, files, ".csv", lambda _: header + "".join(row() for _ in range(21)))


def small_documents(path, files):
    """JSON files with one object of nine members in a list, as of a catalogue of attacks."""
    rng = random.Random(4)

    def document(number):
        thing = {"type": rng.choice(("relationship", "malware", "tool")), "id": f"thing--{number:032x}",
                 "name": f"Name {rng.randrange(10 ** 6)}", "description": "Some words. " * rng.randrange(250),
                 "created": "2020-01-01T00:00:00.000Z", "revoked": False, "version": rng.random(),
                 "references": [{"source": "a", "url": f"https://example.org/{rng.randrange(10 ** 9)}"}] * 2, "x": None}
        return json.dumps({"type": "bundle", "id": f"bundle--{number}", "objects": [thing]}, indent=1)
    _folder(path, files, ".json", document)


def small_trees(path, files):
    """XML files with a system of one to three planets, as of a catalogue of them."""
    rng = random.Random(5)
    planet = lambda number, letter: (f"<planet><name>Star {number} {letter}</name>"
                                     + "".join(f"<{tag} errorminus='0.1' errorplus='0.2'>{rng.random():.5f}</{tag}>"
                                               for tag in ("mass", "radius", "period", "eccentricity", "temperature", "inclination",
                                                           "semimajoraxis", "discoveryyear", "lastupdate"))
                                     + "</planet>\n")
    _folder(path, files, ".xml", lambda number:
            f"<?xml version='1.0'?>\n<system><name>Star {number}</name><star>"
            + "".join(planet(number, letter) for letter in "bcd"[:rng.randrange(1, 4)])
            + "<magV>11.2</magV></star></system>\n")
