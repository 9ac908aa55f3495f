"""Access logs and tables, beside the programs that people use for them."""
import shutil

import generated
from measuring import CPUS, PYTHON, median, ratio, run, summary, working_folder

# Three of the tables that bulkhead logs makes.
_MAWK = '{clients[$1]++; statuses[$9]++; paths[$7]++; bytes += $10} END {print length(clients), length(paths), bytes}'
_PYTHON_CSV = ("import csv, sys\nout = csv.writer(sys.stdout, lineterminator='\\n')\n"
               "for row in csv.DictReader(open(sys.argv[1], newline='')):\n"
               "    out.writerow([row['column_1'], row['column_5'], row['column_20'], row['column_40']])\n")


_ALL_FILES = "import csv, glob, sys\nout = csv.writer(sys.stdout, lineterminator='\\n')\n"
# The same columns of all files of a folder.
_PYTHON_FOLDERS = {
    "csv": _ALL_FILES + """
for path in sorted(glob.glob(sys.argv[1] + '/*')):
    with open(path, newline='') as file:
        rows = csv.reader(file)
        header = next(rows)
        places = [header.index(name) for name in ('column_1', 'column_5', 'column_20', 'column_28')]
        for row in rows:
            out.writerow([row[i] for i in places])
""",
    "json": "import json\n" + _ALL_FILES + """
for path in sorted(glob.glob(sys.argv[1] + '/*')):
    with open(path) as file:
        for each in json.load(file)['objects']:
            out.writerow([each['type'], each['id'], each['name']])
""",
    "ElementTree": "import xml.etree.ElementTree as tree\n" + _ALL_FILES + """
for path in sorted(glob.glob(sys.argv[1] + '/*')):
    for each in tree.parse(path).getroot().iter('planet'):
        out.writerow([each.findtext('name'), each.findtext('mass')])
"""}
_FOLDERS = {  # the part of Python that reads it, how it is made, its number of files, options of extract
    "small CSV files": ("csv", generated.small_tables, 1800,
                        [word for i in (1, 5, 20, 28) for word in ("--col", f"column_{i}")]),
    "small JSON files": ("json", generated.small_documents, 20_000,
                         ["--rows", ".objects[]", "--col", "type", "--col", "id", "--col", "name"]),
    "small XML files": ("ElementTree", generated.small_trees, 7000,
                        ["--rows", "//planet", "--col", "name", "--col", "mass"])}


def log_contenders(build, log):
    program = build / "bulkhead"
    found = {f"bulkhead logs -j{jobs}": [program, "logs", "--quiet", f"-j{jobs}", log] for jobs in sorted({1, CPUS})}
    if shutil.which("mawk"):
        found["mawk, three tables"] = ["mawk", _MAWK, log]
    else:
        print("left out: mawk")
    if shutil.which("goaccess"):
        found["goaccess"] = ["goaccess", "--no-progress", "--log-format=COMBINED", "-o", log.with_suffix(".json"), log]
    else:
        print("left out: goaccess")
    return found


def table_contenders(build, table):
    program = build / "bulkhead"
    columns = [word for i in (1, 5, 20, 40) for word in ("--col", f"column_{i}")]
    found = {f"bulkhead extract -j{jobs}": [program, "extract", "--quiet", f"-j{jobs}", *columns, table]
             for jobs in sorted({1, CPUS})}
    found["Python csv"] = [PYTHON, "-c", _PYTHON_CSV, table]
    if shutil.which("mlr"):
        found["mlr"] = ["mlr", "--icsv", "--ocsv", "cut", "-o", "-f", "column_1,column_5,column_20,column_40", table]
    else:
        print("left out: mlr (package miller)")
    return found


def measure_commands(commands, size, rounds, what):
    runs = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            result = run(command)
            if number > 0:  # The first round warms the page cache.
                runs[name].append(result)
    table = {name: summary(results) for name, results in runs.items()}
    print(f"\n{what}, {size / 1e6:.0f} MB    wall s   CPU s   MB/s   MB/CPU s   peak MB of a process")
    for name in table:
        wall, cpu, rss = (median(table, name, k) for k in ("wall_s", "cpu_s", "max_rss_bytes"))
        print(f"  {name:24} {wall:7.3f} {cpu:7.3f} {size / wall / 1e6:6.0f} {size / cpu / 1e6:8.0f} {rss / 1e6:10.1f}")
    return table


def measure_folder(build, folder, what, rounds):
    module, generate, files, options = _FOLDERS[what]
    generate(folder, files)
    commands = {f"bulkhead extract -j{jobs}": [build / "bulkhead", "extract", "--quiet", f"-j{jobs}", *options, folder]
                for jobs in sorted({1, CPUS})}
    commands[f"Python {module}"] = [PYTHON, "-c", _PYTHON_FOLDERS[module], folder]
    size = sum(path.stat().st_size for path in folder.iterdir())
    table = measure_commands(commands, size, rounds, f"{files} {what}")
    shutil.rmtree(folder)
    return table


def measure(build, wanted_bytes, rounds):
    """Measures and prints; the record for the results and the claims."""
    folder = working_folder(build)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log, table = folder / "access.log", folder / "table.csv"
    generated.log(log, wanted_bytes)
    logs = measure_commands(log_contenders(build, log), log.stat().st_size, rounds, "access log")
    log.unlink()
    generated.table(table, wanted_bytes)
    tables = measure_commands(table_contenders(build, table), table.stat().st_size, rounds, "CSV, 4 of 49 columns")
    table.unlink()
    folders = {what: measure_folder(build, folder / "files", what, rounds) for what in _FOLDERS}
    shutil.rmtree(folder)
    cpu = lambda of, name: median(of, name, "cpu_s")
    claims = {"CPU seconds, mawk / bulkhead logs -j1": ratio(cpu(logs, "mawk, three tables"), cpu(logs, "bulkhead logs -j1")),
              "CPU seconds, goaccess / bulkhead logs -j1": ratio(cpu(logs, "goaccess"), cpu(logs, "bulkhead logs -j1")),
              "CPU seconds, Python csv / bulkhead extract -j1":
                  ratio(cpu(tables, "Python csv"), cpu(tables, "bulkhead extract -j1"))}
    for what, (module, *_) in _FOLDERS.items():
        claims[f"CPU seconds, {what}, Python {module} / bulkhead extract -j1"] = ratio(
            cpu(folders[what], f"Python {module}"), cpu(folders[what], "bulkhead extract -j1"))
    return {"record_bytes": wanted_bytes, "logs": logs, "tables": tables, "folders": folders}, claims
