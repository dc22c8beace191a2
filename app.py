"""The app: ``streamlit run app.py``, or ``wfm app``."""

from wfm.ui.main import main

main()
