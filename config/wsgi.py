"""Entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from config.checks import refuse_demonstration_users

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
refuse_demonstration_users()
