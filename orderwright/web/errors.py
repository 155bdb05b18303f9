"""How errors become pages, in one place."""

from django.http import HttpResponse


class ErrorPages:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


def page_not_found(request, exception):
    return HttpResponse("404", status=404)


def server_error(request):
    return HttpResponse("500", status=500)


def csrf_failed(request, reason=""):
    return HttpResponse("403", status=403)
