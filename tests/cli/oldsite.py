"""A small site with a past, and what a backfill of it says in numbers."""

import desk

MAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'


def put_site(server, n=40, more=()):
    """A sitemap of n pages; every tenth has the pier in its title and address, every fifth in its text."""
    urls = []
    for i in range(n):
        title = f"Kestrel Pier in the year {i}" if i % 10 == 0 else f"Weather and tides of day {i}"
        path = "/news/" + title.lower().replace(" ", "-") + ".html"
        words = [f"{p} It was number {i} of {n} in that series, printed on day {i}." for p in desk.BODY]
        name = "Kestrel Pier" if i % 5 == 0 else "Oldham Quay"
        day = f"2022-{1 + i % 12:02}-05"
        server.put(path, desk.page(title, words, name=name, published=f"{day}T09:30:00Z", url=server.root + path))
        urls.append(f"<url><loc>{server.root}{path}</loc><lastmod>{day}</lastmod></url>")
    urls += [f"<url><loc>{server.root}{path}</loc></url>" for path in more]
    server.put("/robots.txt", f"Sitemap: {server.root}/sitemap.xml\n", "text/plain")
    server.put("/sitemap.xml", MAP + "".join(urls) + "</urlset>", "application/xml")


def facts(rows):
    return {(r["kind"], r["name"]): r["count"] for r in rows if r["month"] is None}


def report(d, *words, status=0):
    return facts(d.rows_of(status, "backfill", *words))


def news(server):
    return [path for path in server.asked if path.startswith("/news/")]
