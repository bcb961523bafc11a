"""A form post with an odd charset is a 400 and not a 500 (trust.md, finding 9)."""

from django.http import HttpResponseBadRequest

# In both languages at once: who asks is not known before the form is read.
WORDS = "400 Bad Request: forms are sent as UTF-8.\n400 请求无法读取：表单须以 UTF-8 编码发送。\n"


class RefuseOddCharset:
    """Forms are UTF-8; Django raises on others at a place where nothing catches it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = (
            request.content_params.get("charset", "utf-8") if request.content_params else "utf-8"
        )
        if charset.strip("\"'").lower() not in {"utf-8", "utf8"}:
            return HttpResponseBadRequest(WORDS, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
