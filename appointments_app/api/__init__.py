"""The routes beside the pages. An id in an address has no more digits than a database can hold."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class _Id(IntegerConvertor):
    regex = "[0-9]{1,18}"


register_url_convertor("int", _Id())
