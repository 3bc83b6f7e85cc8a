"""Django's migrate for every database, all of them in one process with a few threads."""
import json
import pathlib
import queue
import sys
import tempfile
import threading
import time

work = json.loads(pathlib.Path(sys.argv[1]).read_text())
root = pathlib.Path(tempfile.mkdtemp(prefix="django-"))
package = root / "shop" / "migrations"
package.mkdir(parents=True)
(root / "shop" / "__init__.py").touch()
(package / "__init__.py").touch()
previous = None
for script in sorted(pathlib.Path(work["scripts"]).glob("V*.sql")):
    name = "m" + script.stem[1:].replace("__", "_")
    (package / f"{name}.py").write_text(
        "from django.db import migrations\n\n\n"
        "class Migration(migrations.Migration):\n"
        f"    dependencies = {[('shop', previous)] if previous else []!r}\n"
        f"    operations = [migrations.RunSQL([({script.read_text().replace('%', '%%')!r}, [])])]\n"
    )
    previous = name

sys.path.insert(0, str(root))
import django  # noqa: E402
from django.conf import settings  # noqa: E402

databases = {
    name: {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": work["host"], "PORT": work["port"], "NAME": name,
        "USER": work["user"], "PASSWORD": work["password"],
        "OPTIONS": {"sslmode": "disable"},
    }
    for name in work["databases"]
}
settings.configure(INSTALLED_APPS=["shop"], DATABASES={"default": {}, **databases}, USE_TZ=True)
django.setup()
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

todo = queue.SimpleQueue()
failures = []
for name in work["databases"]:
    todo.put(name)


def worker():
    while True:
        try:
            name = todo.get_nowait()
        except queue.Empty:
            return
        try:
            call_command("migrate", database=name, verbosity=0, interactive=False)
        except Exception as failure:  # noqa: BLE001 - reported below
            failures.append((name, failure))
            return
        finally:
            connections[name].close()


start = time.perf_counter()
threads = [threading.Thread(target=worker) for _ in range(work["concurrency"])]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
seconds = time.perf_counter() - start
if failures:
    sys.exit(f"{failures[0][0]}: {failures[0][1]}")
print(json.dumps({"seconds": seconds}))
