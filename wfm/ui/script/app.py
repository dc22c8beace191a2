"""The app: ``wfm app`` has Streamlit run this file.

The server takes `app` from it, the pages and the calendars; a page's run is the file itself.
"""

if __name__ == "__main__":
    from wfm.ui.main import main

    main()
else:
    from streamlit.starlette import App

    from wfm.ui.feeds import routes

    app = App(__file__, routes=routes())
