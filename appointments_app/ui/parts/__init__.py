"""React parts for Reflex: pickers, menus, toasts, forms and other things the framework lacks."""
